/* The three modules: two by Emscripten, the third out of the first. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { at, run } from "./paths.js";
import { relax } from "./relax.js";

/* Debian's Emscripten is of Debian's Python. Where another stands in front of it that a script has to find, as
 * pyenv's, each call of emcc would take twice as long. */
const DEBIAN = { emscripten: "/usr/share/emscripten/emcc.py", python: "/usr/bin/python3" };

/** Where Emscripten finds its tools. Debian's takes the first wasm-opt of PATH: with npm's packages in front, as npm has
 * them, it is the pinned one and the modules have the same bytes however the build is started.
 * @returns {Record<string, string>} */
export function emscriptenEnvironment() {
  const env = {
    PATH: [at("node_modules/.bin"), process.env.PATH].join(delimiter),
    NODE_PATH: at("node_modules"), // Emscripten's own scripts look for acorn there
  };
  const asItIs = process.env.EMSDK_PYTHON || !Object.values(DEBIAN).every((file) => existsSync(file));
  return asItIs ? env : { ...env, EMSDK_PYTHON: DEBIAN.python };
}

export function buildWasm() {
  const env = emscriptenEnvironment();
  if (!existsSync(at("build/wasm/Makefile"))) {
    run("emcmake", ["cmake", "-S", ".", "-B", "build/wasm", "-G", "Unix Makefiles"], { quiet: true, env });
  }
  run("cmake", ["--build", "build/wasm", "--parallel", "2"], { quiet: true, env });
  mkdirSync(at("dist/wasm"), { recursive: true });
  const changed = ["simd", "baseline"].filter((variant) =>
    copyIfChanged(`build/wasm/unrolled-${variant}.wasm`, `dist/wasm/unrolled-${variant}.wasm`),
  );
  const relaxed = at("dist/wasm/unrolled-relaxed.wasm");
  if (changed.includes("simd") || !existsSync(relaxed)) relax(at("dist/wasm/unrolled-simd.wasm"), relaxed);
}

/** @param {string} from @param {string} to @returns {boolean} whether it differed */
function copyIfChanged(from, to) {
  if (existsSync(at(to)) && readFileSync(at(from)).equals(readFileSync(at(to)))) return false;
  copyFileSync(at(from), at(to));
  return true;
}
