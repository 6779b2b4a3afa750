/**
 * Bundles a target with counters in the project's own code, for libFuzzer to be guided by: one where each function,
 * branch, loop, case and right side of a logical operator begins. Its short strings become the fuzzer's dictionary.
 */
import { Parser } from "acorn";
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { at } from "../../../.ci/paths.js";

/** @typedef {{ type: string, start: number, end: number } & Record<string, any>} Node */

const BODIES = ["WhileStatement", "DoWhileStatement", "ForStatement", "ForInStatement", "ForOfStatement"];

/** Counts up from one file of a bundle to the next. */
export class Coverage {
  used = 0;
  /** @type {Set<string>} */
  words = new Set();

  /** @param {string} source of a module @returns {string} */
  instrument(source) {
    /** @type {[number, string][]} */
    const before = [];
    /** @type {[number, string][]} */
    const after = [];
    const count = () => `__count[${this.used++}]++`;
    const first = (/** @type {Node} */ block) => before.push([block.start + 1, `${count()};`]);
    const wrap = (/** @type {Node} */ { start, end }, /** @type {string} */ left, /** @type {string} */ right) => {
      before.push([start, left]);
      after.push([end, right]);
    };
    const expression = (/** @type {Node} */ node) => wrap(node, `(${count()},(`, "))");
    const statement = (/** @type {Node} */ node) =>
      node.type === "BlockStatement" ? first(node) : wrap(node, `{${count()};`, "}");
    /** @param {Node} node */
    const visit = (node) => {
      if (node.type === "Literal" && typeof node.value === "string" && node.value.length <= 24)
        this.words.add(node.value);
      if (/Function/.test(node.type)) (node.body.type === "BlockStatement" ? first : expression)(node.body);
      if (BODIES.includes(node.type)) statement(node.body);
      if (node.type === "LogicalExpression") expression(node.right);
      if (node.type === "SwitchCase" && node.consequent.length) before.push([node.consequent[0].start, `${count()};`]);
      if (node.type === "ConditionalExpression") {
        expression(node.consequent);
        expression(node.alternate);
      }
      if (node.type === "IfStatement") {
        if (node.alternate) statement(node.alternate);
        else after.push([node.consequent.end, `else{${count()};}`]);
        statement(node.consequent);
      }
      for (const child of Object.values(node).flat()) if (child && typeof child.type === "string") visit(child);
    };
    visit(/** @type {any} */ (Parser.parse(source, { ecmaVersion: "latest", sourceType: "module" })));
    return spliced(source, before, after);
  }

  /** @returns {import("esbuild").Plugin} */
  get plugin() {
    return {
      name: "coverage",
      setup: ({ onLoad }) => {
        onLoad({ filter: /[\\/]web[\\/].*\.js$/ }, async ({ path }) => {
          const source = await readFile(path, "utf8");
          return { contents: this.instrument(source.replaceAll("import.meta.url", JSON.stringify(`file://${path}`))) };
        });
      },
    };
  }
}

/**
 * Openings stand outermost first, as they were found, endings innermost first.
 * @param {string} source @param {[number, string][]} before @param {[number, string][]} after
 */
function spliced(source, before, after) {
  const edits = [
    ...after.reverse().map(([place, text], order) => ({ place, text, order })),
    ...before.map(([place, text], order) => ({ place, text, order: after.length + order })),
  ].sort((a, b) => a.place - b.place || a.order - b.order);
  let out = "",
    from = 0;
  for (const { place, text } of edits) {
    out += source.slice(from, place) + text;
    from = place;
  }
  return out + source.slice(from);
}

/**
 * @param {string} target of tests/fuzz/targets
 * @param {string} file to write
 * @returns {Promise<{ used: number, words: string[] }>} counters, and strings to put into inputs
 */
export async function bundleTarget(target, file) {
  const coverage = new Coverage();
  await build({
    absWorkingDir: at("."),
    entryPoints: [at("tests/fuzz/targets", `${target}.js`)],
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
    // commander is CommonJS, and asks for Node's modules by require().
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire("/"); const __count = globalThis.unrolledCounters;',
    },
    external: ["node:*"],
    plugins: [coverage.plugin],
  });
  return { used: coverage.used, words: [...coverage.words].filter(Boolean) };
}
