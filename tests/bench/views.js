/* What looking costs: how long a figure takes to draw, and how many characters a second the page makes while its
 * figures are on the screen and while they are not shown. */
import { at } from "../../.ci/paths.js";
import { Trainer, loadCore } from "../../web/core/index.js";
import { launch, leave, openPage, serve, waitForStep } from "../browser/harness.js";
import { mainThreadTasks } from "./tasks.js";

const UNITS = 128,
  CHARACTERS = 200,
  FRAMES = 120;

/** Those of the inside, and those that take it apart; "held score" is the score with a unit switched off. */
const FIGURES = [
  "score",
  "flow",
  "gates",
  "held score",
  "held",
  "costs",
  "memory",
  "passages",
  "context",
  "path",
  "difference",
];

const median = (/** @type {number[]} */ values) => quantile(values, 0.5);
const quantile = (/** @type {number[]} */ values, /** @type {number} */ q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];

/**
 * @param {{ turns: number }} options
 * @returns {Promise<{ hidden: number, shown: number, loss: number, from: number, to: number, drawing: {name: string,
 * script: number, frame: number}[] }>}
 *   characters a second, and the share lost: the median over pairs of neighbouring seconds, and its quartiles; then ms
 *   a figure takes
 */
export async function measureViews({ turns }) {
  const browser = await launch();
  try {
    return { drawing: await measureDrawing(browser), ...(await measureTraining(browser, turns)) };
  } finally {
    await leave(browser);
  }
}

/** @param {import("playwright-core").Browser} browser @param {number} turns */
async function measureTraining(browser, turns) {
  const site = await serve();
  const { page, close } = await openPage(browser);
  try {
    await page.goto(`${site.origin}/index.html#patience=0`); // a run that ends is not timed
    await waitForStep(page, 20);
    await page.waitForTimeout(4000);
    const stepsASecond = (/** @type {boolean} */ shown) =>
      page.evaluate(async (show) => {
        const inside = /** @type {HTMLElement} */ (document.querySelector("#inside"));
        const step = () =>
          Number((document.querySelector("[data-number=step]")?.textContent ?? "").replaceAll(",", ""));
        /** Until the number changes, so that a count starts and ends with a report. */
        const change = async () => {
          const before = step();
          while (step() === before) await new Promise((resolve) => setTimeout(resolve, 5));
          return { step: step(), time: performance.now() };
        };
        for (const part of [inside, /** @type {HTMLElement} */ (document.querySelector(".hero"))])
          part.style.display = show ? "" : "none";
        if (show) inside.querySelector(".u-score")?.scrollIntoView();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const from = await change();
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const to = await change();
        return (1000 * (to.step - from.step)) / (to.time - from.time);
      }, shown);
    const pairs = [];
    for (let turn = 0; turn < turns; turn++) {
      const first = turn % 2 === 0; // a machine that gets slower or faster is no one's gain
      const one = await stepsASecond(first),
        other = await stepsASecond(!first);
      const [shown, hidden] = first ? [one, other] : [other, one];
      pairs.push({ hidden, shown, loss: 1 - shown / hidden });
    }
    const characters = 32 * 64; // of the page's own settings
    const losses = pairs.map(({ loss }) => loss);
    return {
      hidden: characters * median(pairs.map(({ hidden }) => hidden)),
      shown: characters * median(pairs.map(({ shown }) => shown)),
      loss: median(losses),
      from: quantile(losses, 0.25),
      to: quantile(losses, 0.75),
    };
  } finally {
    await close();
    await site.close();
  }
}

/** Two traces of a network that trains, drawn in turn, so that every picture is a new one. */
async function takeTraces() {
  const text = Array.from(
    { length: 400 },
    (_, i) => `${i} bottles of ink on the wall, take ${(i * 7) % 13} down. `,
  ).join("");
  const trainer = new Trainer(await loadCore({ variant: "simd" }), { text, hidden: UNITS, batch: 8, seqLen: 32 });
  const traces = [40, 40].map((n) => {
    trainer.step(n);
    const { cell, flow, ...trace } = trainer.probe(text.slice(0, CHARACTERS));
    /** @param {any} value @returns {any} as it can be sent to a page */
    const plain = (value) =>
      value instanceof Float32Array
        ? { f32: Array.from(value) }
        : value && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value)
          ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
          : ArrayBuffer.isView(value)
            ? Array.from(/** @type {Int32Array} */ (value))
            : value;
    return plain({ ...trace, cell, flow });
  });
  trainer.dispose();
  return traces;
}

/**
 * Frames in which a figure is drawn anew. "script" is its own drawing, the median; "frame" all that the page's thread
 * does for such a frame, pixels included, less what it does for an empty one, in processor time.
 * @param {import("playwright-core").Browser} browser
 */
async function measureDrawing(browser) {
  const sources = await serve(
    at("."),
    new Map([
      [
        "/drawing.html",
        {
          body: `<!doctype html><body style="width:1344px">${FIGURES.map((id) => `<div id="${id}"></div>`).join("")}`,
        },
      ],
    ]),
  );
  const { page, close } = await openPage(browser);
  try {
    await page.goto(`${sources.origin}/drawing.html`);
    await page.evaluate(
      async (plain) => {
        const load = (/** @type {string} */ path) => import(path);
        const { ScoreView } = await load("/web/views/score/score.js"),
          { FlowView } = await load("/web/views/figures/flow.js"),
          { GatesView } = await load("/web/views/figures/gates.js");
        const { HeldView } = await load("/web/views/apart/held.js"),
          { BarsView } = await load("/web/views/apart/bars.js"),
          { LivesView } = await load("/web/views/apart/lives.js"),
          { PassagesView } = await load("/web/views/apart/passages.js"),
          { ContextView } = await load("/web/views/apart/context.js"),
          { PathView } = await load("/web/views/apart/path.js"),
          { DifferenceView } = await load("/web/views/apart/difference.js");
        const { compareReadings } = await load("/web/core/apart/edit.js"),
          { halfLivesOf } = await load("/web/core/apart/halflife.js"),
          { nearestStates } = await load("/web/core/apart/places.js"),
          { default: apart } = await load("/web/app/strings/en/apart.js");
        const { makePalette } = await load("/web/views/parts/colours.js"),
          { LagHistory } = await load("/web/views/parts/history.js");
        const { default: words } = await load("/web/app/strings/en/index.js"),
          { default: figures } = await load("/web/app/strings/en/figures.js"),
          { lagProfile } = await load("/web/core/inside/analysis.js");
        /** @param {any} value @returns {any} */
        const typed = (value) =>
          value?.f32
            ? Float32Array.from(value.f32)
            : value && typeof value === "object" && !Array.isArray(value)
              ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, typed(each)]))
              : value;
        const traces = plain.map(typed);
        const options = { strings: { ...words, ...figures, ...apart }, palette: makePalette(false) };
        const root = (/** @type {string} */ id) => document.getElementById(id);
        const score = new ScoreView(root("score"), { ...options, units: 0 }),
          flow = new FlowView(root("flow"), options),
          gates = new GatesView(root("gates"), options),
          heldScore = new ScoreView(root("held score"), { ...options, units: 0, holds: true });
        const views = {
          held: new HeldView(root("held"), options),
          costs: new BarsView(root("costs"), options, "costs"),
          memory: new LivesView(root("memory"), options),
          passages: new PassagesView(root("passages"), options),
          context: new ContextView(root("context"), options),
          path: new PathView(root("path"), options),
          difference: new DifferenceView(root("difference"), options),
        };
        const history = new LagHistory();
        for (let step = 0; step < 200; step++) history.add(step, lagProfile(traces[step % 2].flow, traces[0].sizes.T));
        const rows = Int32Array.from({ length: traces[0].sizes.H }, (_, j) => j);
        /** What the figures that take apart are given, of either trace. */
        const data = traces.map((/** @type {any} */ trace, /** @type {number} */ n) => {
          const { tokens, sizes, loss } = trace;
          const { T, H } = sizes;
          const other = traces[1 - n];
          const added = loss.map((/** @type {number} */ x, /** @type {number} */ t) => other.loss[t] - x);
          const text = tokens.join("");
          const held = { tokens, added, what: "h", samples: { free: text, held: `${text.slice(0, 50)}${text}` } };
          const values = added.slice(0, H);
          const kept = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120];
          const curve = Float32Array.from(kept, (k) => 2 + 1 / (k + n));
          const passage = (/** @type {number} */ at) => ({
            at,
            from: at - 30,
            to: at + 31,
            value: trace.hidden[at * H],
            tokens: tokens.slice(at - 30, at + 31),
            values: trace.hidden.slice((at - 30) * H, (at + 31) * H).filter((_, i) => i % H === n),
          });
          const around = [40, 80, 120, 160].map(passage);
          return {
            held,
            costs: { values, unit: 3, note: "", notes: () => "“e” +0.07, “t” +0.05, “s” +0.03" },
            memory: { values: halfLivesOf(trace, 0), unit: 3, note: "", notes: null, profile: history.profiles[n] },
            passages: { unit: 3, scale: "hidden", strongest: around, weakest: around, tokens: T },
            context: {
              use: { kept, dropped: curve, shuffled: curve, whole: 2, positions: 128 },
              profile: history.profiles[n],
            },
            path: {
              tokens,
              points: trace.hidden.filter((_, i) => i % H < 2),
              share: [0.5, 0.2],
              cursor: 60,
              near: nearestStates(trace.hidden, H, 60, 5),
              fixed: [],
              looked: [],
            },
            difference: {
              one: tokens,
              other: tokens,
              difference: compareReadings(trace, other),
              sizes,
              layer: 0,
              rows,
            },
          };
        });
        const drawn = Object.entries(views).map(([name, view]) => [
          name,
          (/** @type {number} */ n) => view.draw(data[n % 2][name]),
        ]);
        /** @type {any} */ (window).figures = {
          ...Object.fromEntries(drawn),
          "held score": (/** @type {number} */ n) =>
            heldScore.draw(traces[n % 2], {
              step: 100,
              holding: { hold: { layer: 0, gate: "h", unit: 3, value: 0 }, values: { 0: "0" }, data: data[n % 2].held },
            }),
          empty: () => {},
          score: (/** @type {number} */ n) => score.draw(traces[n % 2], { step: 100 }),
          flow: (/** @type {number} */ n) =>
            flow.draw({
              trace: traces[n % 2],
              profile: history.profiles[n % 2],
              layout: score.layout,
              layer: 0,
              step: 100,
              at: null,
              seqLen: 64,
              history,
              norms: null,
              keep: null,
            }),
          gates: (/** @type {number} */ n) => gates.draw({ trace: traces[n % 2], layer: 0, rows, unit: 0 }),
        };
        await new Promise((done) => setTimeout(done, 300)); // until they know how wide they are
      },
      await takeTraces(),
    );
    const measured = [];
    for (const name of ["empty", ...FIGURES]) {
      const draw = (/** @type {number} */ frames) =>
        page.evaluate(
          async ([figure, count]) => {
            const times = [];
            for (let n = 0; n < count; n++) {
              await new Promise((done) => requestAnimationFrame(() => done(undefined)));
              const start = performance.now();
              /** @type {any} */ (window).figures[figure](n);
              times.push(performance.now() - start);
            }
            return times;
          },
          /** @type {const} */ ([name, frames]),
        );
      await draw(30); // until it is compiled
      /** @type {number[]} */ let script = [];
      const tasks = await mainThreadTasks(browser, page, async () => {
        script = await draw(FRAMES);
      });
      measured.push({ name, script: median(script), frame: tasks.reduce((sum, time) => sum + time, 0) / FRAMES });
    }
    const [empty, ...figures] = measured;
    return figures.map(({ name, script, frame }) => ({ name, script, frame: frame - empty.frame }));
  } finally {
    await close();
    await sources.close();
  }
}
