import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Trainer, loadCore, supportedVariants } from "../../web/core/index.js";

const url = new URL("../../dist/wasm/unrolled-simd.wasm", import.meta.url);
const bytes = readFileSync(url);
const works = (core) =>
  new Trainer(core, { text: "abababab", validation: 0, hidden: 4, batch: 1, seqLen: 4 }).step().loss > 0;

/** @param {Promise<unknown>} promise @param {RegExp} pattern */
const refused = (promise, code, pattern) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.name, "UnrolledError", error.stack);
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  });

test('"auto" picks the fastest module that runs here, and each can be asked for by name', async () => {
  assert.equal((await loadCore()).variant, supportedVariants()[0]);
  for (const variant of supportedVariants()) {
    const core = await loadCore({ variant });
    assert.equal(core.variant, variant);
    assert.ok(works(core));
  }
});

test("where relaxed SIMD runs it is found and picked", () => {
  const script = `import(${JSON.stringify(new URL("../../web/core/index.js", import.meta.url).href)}).then(async (m) => console.log((await m.loadCore()).variant))`;
  const flags = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];
  assert.equal(execFileSync(process.execPath, [...flags, "-e", script], { encoding: "utf8" }).trim(), "relaxed");
});

for (const [what, source] of Object.entries({
  "a Uint8Array": bytes,
  "an ArrayBuffer": new Uint8Array(bytes).buffer,
  "a compiled module": new WebAssembly.Module(bytes),
  "a Response": new Response(bytes),
  "a promise of a Response": Promise.resolve(new Response(bytes)),
  "a file URL": url,
  "a URL as a string": url.href,
  "a data URL": `data:application/wasm;base64,${bytes.toString("base64")}`,
})) {
  test(`the module can be given as ${what}`, async () => {
    const core = await loadCore({ module: source });
    assert.equal(core.variant, "supplied");
    assert.ok(works(core));
  });
}

test("a function finds the module for the variant that is picked", async () => {
  const asked = [];
  const core = await loadCore({
    module: (variant) => (
      asked.push(variant),
      variant === "baseline"
        ? new URL("../../dist/wasm/unrolled-baseline.wasm", import.meta.url)
        : Promise.reject(new Error("not here"))
    ),
  });
  assert.equal(core.variant, "baseline");
  assert.deepEqual(asked, supportedVariants());
});

test("a core is loaded in Node without a word of Node's fetch", () => {
  const program = `
    import { loadCore } from ${JSON.stringify(new URL("../../web/core/index.js", import.meta.url).href)};
    await loadCore();
    console.log(process.moduleLoadList.filter((name) => name.includes("undici")).join());
  `;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  assert.equal(printed.trim(), "");
});

test("its compiled module makes a second core, with memory of its own", async () => {
  const first = await loadCore({ variant: "simd" }),
    second = await loadCore({ module: first.module, variant: "simd" });
  assert.equal(second.variant, "simd");
  const trainer = new Trainer(first, { text: "abcabcabc", validation: 0, hidden: 64, batch: 1, seqLen: 4 });
  assert.ok(works(second));
  trainer.dispose();
});

test("what is no module is refused by a sentence", async () => {
  await refused(loadCore({ variant: "fast" }), "bad-argument", /got "fast"/);
  await refused(loadCore({ module: new Uint8Array(8) }), "bad-core", /could not be loaded/);
  await refused(
    loadCore({ module: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) }),
    "bad-core",
    /not a module of this package/,
  );
  await refused(loadCore({ module: 7 }), "bad-core", /not 7/);
  await refused(loadCore({ module: new URL("nowhere.wasm", import.meta.url) }), "bad-core", /no such file/);
  await refused(loadCore({ module: new Response("", { status: 404 }) }), "bad-core", /answered 404/);
  if (!supportedVariants().includes("relaxed"))
    await refused(loadCore({ variant: "relaxed" }), "bad-core", /does not run here/);
});
