/* Makes the "relaxed" module out of the finished "simd" one: x + a·b becomes f32x4.relaxed_madd(a, b, x) and x - a·b
 * relaxed_nmadd, one rounding instead of two where the machine has fused multiply-add. One source and one compile serve
 * both modules, and it works with an Emscripten that is too old to link relaxed SIMD. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const bin = join(dirname(createRequire(import.meta.url).resolve("binaryen/package.json")), "bin");
const FEATURES = [
  "--enable-simd",
  "--enable-relaxed-simd",
  "--enable-bulk-memory",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
];

/** @param {string} tool @param {string[]} args */
const binaryen = (tool, args) =>
  execFileSync(process.execPath, [join(bin, tool), ...FEATURES, ...args], { stdio: ["ignore", "inherit", "inherit"] });

/** Parses the s-expressions of a module's text: a list is an array, an atom a string.
 * @param {string} text */
function parse(text) {
  /** @type {any[]} */ const stack = [[]];
  for (const [token] of text.matchAll(/\(;.*?;\)|;;[^\n]*|[()]|"(?:[^"\\]|\\.)*"|[^\s()"]+/gs)) {
    if (token.startsWith("(;") || token.startsWith(";;")) continue;
    if (token === "(") stack.push([]);
    else if (token === ")") stack[stack.length - 2].push(stack.pop());
    else stack[stack.length - 1].push(token);
  }
  return stack[0];
}

/** @param {any} node @returns {string} */
const print = (node) => (Array.isArray(node) ? `(${node.map(print).join(" ")})\n` : node);

/** Rewrites one function in place; returns how many products were fused.
 * @param {any[]} func */
function fuseFunction(func) {
  let fused = 0;
  let depth = 0; // temporaries in use around the expression at hand
  let temporaries = 0;
  const isProduct = (/** @type {any} */ node) => Array.isArray(node) && node[0] === "f32x4.mul";

  /** @param {any} node @returns {any} */
  const visit = (node) => {
    if (!Array.isArray(node)) return node;
    const [op, left, right] = node;
    if (op === "f32x4.add" && isProduct(left)) {
      // already in the order in which the fused form evaluates: a, b, x
      fused++;
      return ["f32x4.relaxed_madd", visit(left[1]), visit(left[2]), visit(right)];
    }
    if ((op === "f32x4.add" || op === "f32x4.sub") && isProduct(right)) {
      // x comes first and its side effects (local.tee, calls) must stay first: a fresh local keeps it.
      fused++;
      const first = visit(left);
      const name = `$fused${depth++}`;
      temporaries = Math.max(temporaries, depth);
      const form = op === "f32x4.add" ? "f32x4.relaxed_madd" : "f32x4.relaxed_nmadd";
      const result = [form, visit(right[1]), visit(right[2]), ["local.get", name]];
      depth--;
      return ["block", ["result", "v128"], ["local.set", name, first], result];
    }
    return node.map(visit);
  };

  const isHead = (/** @type {any} */ part) =>
    !Array.isArray(part) || ["type", "param", "result", "local", "export", "import"].includes(part[0]);
  let body = func.findIndex((part, i) => i > 0 && !isHead(part));
  if (body < 0) body = func.length;
  for (let i = body; i < func.length; i++) func[i] = visit(func[i]);
  func.splice(body, 0, ...Array.from({ length: temporaries }, (_, i) => ["local", `$fused${i}`, "v128"]));
  return fused;
}

/** Reads the strict module at `from`, writes the relaxed one to `to`; returns how many products were fused.
 * @param {string} from @param {string} to */
export function relax(from, to) {
  const text = `${to}.wat`;
  try {
    binaryen("wasm-dis", [from, "-o", text]);
    const [module] = parse(readFileSync(text, "utf8"));
    let fused = 0;
    for (const part of module) if (Array.isArray(part) && part[0] === "func") fused += fuseFunction(part);
    if (!fused) throw new Error(`${from} holds no f32x4 product to fuse`);
    writeFileSync(text, print(module));
    binaryen("wasm-opt", [text, "-O3", "-o", to]);
    return fused;
  } finally {
    rmSync(text, { force: true });
  }
}
