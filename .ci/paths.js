/* Where things stand, and how the build runs its tools. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {...string} parts */
export const at = (...parts) => join(root, ...parts);

/** Runs a tool from the project's root; its output is shown unless `quiet`, where it is shown on failure alone.
 * @param {string} command @param {string[]} args @param {{quiet?: boolean, env?: Record<string, string>}} [options] */
export function run(command, args, { quiet = false, env = {} } = {}) {
  try {
    return execFileSync(command, args, {
      cwd: root,
      stdio: quiet ? "pipe" : "inherit",
      encoding: "utf8",
      env: { ...process.env, ...env },
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    throw new Error(`${[command, ...args].join(" ")}${quiet ? `\n${stdout}${stderr}` : ""}`);
  }
}
