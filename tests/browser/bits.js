/**
 * What every engine must show: the one file learns by a double-click, and page and element lose what Node loses, to the
 * last bit.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadCore, Trainer } from "../../web/core/index.js";
import { SMALL, serve } from "./harness.js";

/**
 * @typedef {object} Engine
 * @property {(address: string) => Promise<void>} open
 * @property {<R>(work: (...args: any[]) => Promise<R>, ...args: any[]) => Promise<R>} run in the page that is open
 */

const TEXT = "to be, or not to be: that is the question; ".repeat(30).trimEnd();
const ELEMENT = { hidden: 20, batch: 4, seqLen: 24, seed: 11, layers: 2 };
/** A step is slow enough that few are made while a page is tested: its text has many different characters. */
const PAGE = { hidden: 64, batch: 8, seqLen: 48, seed: 11, validation: 0.02 };
const HOST = `<!doctype html><html lang="en"><title>Host</title><script type="module" src="unrolled-element.js"></script><unrolled-demo>${TEXT}</unrolled-demo>`;

/** In the page: learns for some steps and hands over the losses it writes down, as CSV. @param {number} steps */
async function pageLosses(steps) {
  const shown = () => Number(document.querySelector("[data-number=step]")?.textContent?.replaceAll(",", "") ?? 0);
  const until = async (/** @type {() => any} */ holds) => {
    while (!holds()) await new Promise((done) => setTimeout(done, 50));
  };
  await until(() => shown() >= steps);
  const file = new Promise((done) => {
    URL.createObjectURL = (blob) => {
      done(/** @type {Blob} */ (blob).text());
      return "data:,";
    };
  });
  HTMLAnchorElement.prototype.click = () => {}; // nothing is to be written to a disk here
  const button = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-take=csv]"));
  document.querySelector("#inside")?.scrollIntoView(); // far out of sight nothing is fetched
  await until(button);
  button()?.click();
  return file;
}

/** In the page: the element's losses after one update and after sixty. @param {string} cell @param {object} settings */
async function elementLosses(cell, settings) {
  await customElements.whenDefined("unrolled-demo");
  const demo = /** @type {any} */ (document.querySelector("unrolled-demo"));
  const ready = new Promise((done) =>
    demo.addEventListener(
      "unrolled-ready",
      (/** @type {any} */ { detail }) => detail.settings.cell === cell && done(undefined),
    ),
  );
  for (const [attribute, value] of Object.entries({ cell, ...settings })) demo.setAttribute(attribute, value);
  await ready;
  return [(await demo.trainer.step(1)).loss, (await demo.trainer.step(59)).loss];
}

/** In the page: the step it is at, once it is past one, and the loss shown. @param {number} step */
async function learnt(step) {
  const shown = (/** @type {string} */ name) =>
    Number(document.querySelector(`[data-number=${name}]`)?.textContent?.replaceAll(",", "") ?? 0);
  while (!(shown("step") >= step)) await new Promise((done) => setTimeout(done, 50));
  return shown("loss");
}

/**
 * @param {string} name of the browser
 * @param {() => Engine} engine once it runs
 * @param {{skip: string | false, before: () => Promise<void>, after: () => Promise<void>}} life
 */
export function describeBits(name, engine, { skip, before, after }) {
  describe(`in ${name}`, { skip }, async () => {
    const hooks = await import("node:test");
    /** @type {{origin: string, close: () => Promise<void>}} */ let site;
    hooks.before(async () => {
      site = await serve(undefined, new Map([["/host.html", { body: HOST }]]));
      await before();
    });
    hooks.after(async () => {
      await after();
      await site?.close();
    });

    test("the one file learns from file://", async () => {
      const { href } = new URL("../../dist/unrolled.html", import.meta.url);
      await engine().open(`${href}${SMALL}&seed=5`);
      const loss = await engine().run(learnt, 30);
      assert.ok(loss > 0 && loss < 4.4, `a loss of ${loss}`);
    });

    test("the page's losses are Node's, bit for bit", async () => {
      await engine().open(
        `${site.origin}/index.html#${new URLSearchParams({ v: "1", text: "tang", core: "simd", view: "keep", ...PAGE })}`,
      );
      const csv = await engine().run(pageLosses, 25);
      const rows = csv
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","))
        .filter(([, loss]) => loss);
      assert.ok(rows.length >= 20, `${rows.length} losses`);
      const text = await (await fetch(`${site.origin}/assets/tang.txt`)).text();
      const trainer = new Trainer(await loadCore({ variant: "simd" }), { text, ...PAGE });
      rows.forEach(([step, loss], i) => assert.deepEqual([Number(step), Number(loss)], [i + 1, trainer.step().loss]));
      trainer.dispose();
    });

    test("the element's losses are Node's, bit for bit, for every cell", async () => {
      const core = await loadCore({ variant: "simd" });
      await engine().open(`${site.origin}/host.html`);
      const { hidden, batch, seqLen, seed, layers } = ELEMENT;
      for (const cell of ["rnn", "lstm", "gru"]) {
        const losses = await engine().run(elementLosses, cell, {
          units: hidden,
          batch,
          "seq-len": seqLen,
          seed,
          layers,
        });
        const trainer = new Trainer(core, /** @type {any} */ ({ text: TEXT, cell, ...ELEMENT }));
        assert.deepEqual(losses, [trainer.step(1).loss, trainer.step(59).loss], cell);
        trainer.dispose();
      }
    });
  });
}
