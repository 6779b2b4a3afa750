import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "vite";
import { install, pack } from "../pack.js";
import { launch, leave, openPage, serve } from "./harness.js";

/** @type {ReturnType<typeof pack>} */ let packed;
/** @type {ReturnType<typeof install>} */ let project;
/** @type {import("playwright-core").Browser} */ let browser;

before(async () => {
  packed = pack();
  project = install(packed.tarball);
  browser = await launch();
});
after(async () => {
  await leave(browser);
  project?.remove();
  packed?.remove();
});

const USE = `
  const text = "hello world, hello network. ".repeat(40);
  const settings = { text, hidden: 16, batch: 4, seqLen: 16, learningRate: 0.02, seed: 1 };
  const core = await loadCore({ variant: "simd" });
  const trainer = new Trainer(core, settings);
  const here = trainer.step(50).loss;
  const client = await TrainerClient.create(settings, { core: { variant: "simd" } });
  const there = (await client.step(50)).loss;
  const hold = [{ gate: "f", value: 0 }, { gate: "h", unit: 3, value: 0.5 }];
  const held = await client.probe("hello", { hold }), measured = await client.evaluate(undefined, { hold });
  const drawn = await client.sample({ length: 9, hold });
  const alike = held.hidden[3] === 0.5 && held.hidden.join() === trainer.probe("hello", { hold }).hidden.join() &&
    measured.loss === trainer.evaluate(undefined, { hold }).loss && drawn.text === trainer.sample({ length: 9, hold }).text;
  client.dispose();
  document.body.dataset.result = JSON.stringify([here > 0 && here < 3, there === here, (await trainer.toONNX()).length > 1000, alike]);`;

/** Opens a page of a folder and reads what USE found. */
async function resultOf(folder, path) {
  const host = await serve(folder);
  const { page, errors, requests, close } = await openPage(browser);
  try {
    await page.goto(`${host.origin}/${path}`);
    await page
      .waitForFunction(() => document.body.dataset.result)
      .catch(() => assert.fail(`no result; the console says ${errors.join("\n")}`));
    assert.deepEqual(errors, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(host.origin) && !/^(data|blob):/.test(url)),
      [],
    );
    return JSON.parse(await page.evaluate(() => document.body.dataset.result));
  } finally {
    await close();
    await host.close();
  }
}

test("a project built with Vite trains in the page and in a worker, and shows the element", async () => {
  const root = join(project.folder, "vite");
  mkdirSync(root);
  writeFileSync(
    join(root, "index.html"),
    '<!doctype html><html lang="en"><title>Vite</title><link rel="icon" href="data:,"><body><unrolled-demo units="16" batch="8" seq-len="16" autoplay></unrolled-demo><script type="module" src="main.js"></script></body></html>',
  );
  writeFileSync(
    join(root, "main.js"),
    `import { loadCore, Trainer } from "unrolled";\nimport { TrainerClient } from "unrolled/worker";\nimport "unrolled/element";\n${USE}
    await new Promise((done) => document.addEventListener("unrolled-step", done, { once: true }));`.replace(
      "document.body.dataset.result =",
      "const result =",
    ) + "\ndocument.body.dataset.result = result;",
  );
  await build({ root, logLevel: "error", build: { target: "es2022" }, worker: { format: "es" } });
  assert.deepEqual(await resultOf(join(root, "dist"), "index.html"), [true, true, true, true]);
});

test("a bare page uses the installed package by import map", async () => {
  writeFileSync(
    join(project.folder, "bare.html"),
    `<!doctype html><html lang="en"><title>Bare</title><link rel="icon" href="data:,">
    <script type="importmap">{ "imports": {
      "unrolled": "/node_modules/unrolled/web/core/index.js", "unrolled/worker": "/node_modules/unrolled/web/worker/client.js",
      "pbf": "/node_modules/pbf/index.js" } }</script>
    <body><script type="module">import { loadCore, Trainer } from "unrolled";\nimport { TrainerClient } from "unrolled/worker";\n${USE}</script></body></html>`,
  );
  assert.deepEqual(await resultOf(project.folder, "bare.html"), [true, true, true, true]);
});
