import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { install, pack } from "../pack.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** @type {ReturnType<typeof pack>} */ let packed;
/** @type {ReturnType<typeof install>} */ let project;

before(() => {
  packed = pack();
  project = install(packed.tarball);
});
after(() => {
  project?.remove();
  packed?.remove();
});

/** Runs a program in the project that has the package, and gives what it printed. */
function run(source) {
  writeFileSync(join(project.folder, "main.js"), source);
  return execFileSync(process.execPath, ["main.js"], { cwd: project.folder, encoding: "utf8" });
}

test("a fresh project trains, saves and loads with the installed package", () => {
  const printed = run(`
    import { loadCore, Trainer } from "unrolled";
    import { loadCore as loadInline } from "unrolled/inline";
    const text = "hello world, hello network. ".repeat(40);
    const settings = { text, hidden: 16, batch: 4, seqLen: 16, learningRate: 0.02, seed: 1 };
    const core = await loadCore({ variant: "simd" });
    const trainer = new Trainer(core, settings);
    const first = trainer.step().loss;
    const { loss } = trainer.step(150);
    const again = Trainer.load(core, trainer.save(), { text });
    const { byteLength } = await trainer.toONNX();
    const inline = await loadInline({ variant: "simd" });
    console.log(JSON.stringify([first > 2 && loss < 1, again.step().loss === trainer.step().loss, byteLength > 1000, inline.variant]));
  `);
  assert.deepEqual(JSON.parse(printed), [true, true, true, "simd"]);
});

test("the command of the package is there", () => {
  const printed = execFileSync("npx", ["--no-install", "unrolled", "--help"], {
    cwd: project.folder,
    encoding: "utf8",
  });
  assert.match(printed, /train/);
});

test("the element and the widget can be imported on a server, where there is no page", () => {
  const printed = run(`
    import { UnrolledDemo } from "unrolled/element";
    import widget from "unrolled/anywidget";
    console.log(typeof UnrolledDemo, typeof widget().render);
  `);
  assert.equal(printed.trim(), "function function");
});

/**
 * What TypeScript says of programs of somebody who knows of no newer library than their target's.
 * @param {Record<string, string>} programs by name @returns {Record<string, string>} by name, "" where it has nothing to say
 */
function typed(programs) {
  const names = Object.keys(programs);
  for (const name of names) writeFileSync(join(project.folder, `${name}.ts`), programs[name]);
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", ""];
  const { stdout } = spawnSync(
    process.execPath,
    [tsc, "--ignoreConfig", ...options, ...names.map((name) => `${name}.ts`)],
    { cwd: project.folder, encoding: "utf8" },
  );
  const lines = stdout.split("\n").filter(Boolean);
  const ofNone = lines.filter((line) => !names.some((name) => line.startsWith(`${name}.ts(`)));
  assert.deepEqual(ofNone, []);
  return Object.fromEntries(
    names.map((name) => [name, lines.filter((line) => line.startsWith(`${name}.ts(`)).join("\n")]),
  );
}

test("TypeScript lets trainers be disposed of by `using`, and knows the element and its properties", () => {
  const demo = (line) =>
    `import "unrolled/element";\nconst demo = document.createElement("unrolled-demo");\n${line}\nexport {};\n`;
  const said = typed({
    using: `
      import { Trainer, loadCore } from "unrolled";
      import { TrainerClient } from "unrolled/worker";
      export async function losses(text: string) {
        using trainer = new Trainer(await loadCore(), { text });
        using client = await TrainerClient.create({ text });
        return [trainer.step().loss, (await client.step()).loss];
      }
    `,
    set: demo(
      'demo.units = 64; demo.views = ["score"]; demo.stateful = false; demo.seqLen = null; demo.batch = "auto";',
    ),
    heard: demo('demo.addEventListener("unrolled-step", ({ detail }) => detail.loss.toFixed(2));'),
    called: demo("demo.start().then(() => demo.trainer?.step(1)); demo.text = undefined;"),
    mistaken: demo('demo.units = "many";'),
    unknown: demo("demo.hiddenUnits = 64;"),
  });
  assert.deepEqual([said.using, said.set, said.heard, said.called], ["", "", "", ""]);
  assert.match(said.mistaken, /Type 'string' is not assignable to type 'number'/);
  assert.match(said.unknown, /Property 'hiddenUnits' does not exist/);
});

test("the package holds what is used of it and nothing else", () => {
  const strange = packed.files.filter(
    (path) =>
      !/^(package\.json|README\.md|LICENSE|web\/(core|worker|cli|views)\/([\w-]+\/){0,2}[\w.-]+\.js|web\/embed\/protocol\.js|dist\/)/.test(
        path,
      ) && !/\.css$/.test(path),
  );
  assert.deepEqual(strange, []);
  for (const path of [
    "web/core/index.js",
    "dist/wasm/unrolled-simd.wasm",
    "dist/types/core/index.d.ts",
    "dist/unrolled-element.js",
    "dist/anywidget.js",
    "dist/site/embed.js",
  ])
    assert.ok(packed.files.includes(path), path);
});

for (const [name, tool, subcommand, ...args] of [
  ["publint", "publint/src/cli.js", ["run"], "--strict"],
  [
    "are-the-types-wrong",
    "@arethetypeswrong/cli/dist/index.js",
    [],
    "--profile",
    "esm-only",
    "--exclude-entrypoints",
    "./wasm/*",
  ],
]) {
  test(`${name} finds nothing wrong with the package`, () => {
    try {
      execFileSync(process.execPath, [join(ROOT, "node_modules", tool), ...subcommand, packed.tarball, ...args], {
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      assert.fail(`${error.stdout}${error.stderr}`);
    }
  });
}
