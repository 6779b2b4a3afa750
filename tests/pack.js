/** The package as a stranger gets it: packed, and installed into a project of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} folder @param {...string} args */
const npm = (folder, ...args) =>
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, encoding: "utf8" });

/**
 * Packs what is built.
 * @returns {{tarball: string, files: string[], size: number, remove: () => void}} size: bytes of the tarball
 */
export function pack() {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-pack-"));
  const [{ filename, files, size }] = JSON.parse(
    npm(ROOT, "pack", "--ignore-scripts", "--json", "--pack-destination", folder),
  );
  return {
    tarball: join(folder, filename),
    files: files.map((/** @type {{path: string}} */ file) => file.path),
    size,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A fresh project that has the package. @param {string} tarball @returns {{folder: string, remove: () => void}} */
export function install(tarball) {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-project-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
  npm(folder, "install", "--prefer-offline", tarball);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
