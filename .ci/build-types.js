/* The types that are shipped, from the JSDoc. */
import { rmSync } from "node:fs";
import { at, run } from "./paths.js";

export function buildTypes() {
  rmSync(at("dist/types"), { recursive: true, force: true });
  run(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"], { quiet: true });
}
