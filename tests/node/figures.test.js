/** Figures as a reader uses them, over elements without a browser: where one looks, points and taps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "./elements.js";
import { PageWorker } from "./page-worker.js";
import { makeTrainer, small } from "./support.js";
import { en } from "../words.js";
import { open as openCosts } from "../../web/app/apart/costs.js";
import { open as openDifference } from "../../web/app/apart/difference.js";
import { open as openPath } from "../../web/app/apart/path.js";
import { open as openFlow } from "../../web/app/inside/flow.js";
import { Reader } from "../../web/app/inside/reader.js";
import { open as openScore } from "../../web/app/inside/score.js";
import { Panels } from "../../web/app/panels.js";
import { Work } from "../../web/app/run/work.js";
import { format } from "../../web/app/shell/format.js";
import words from "../../web/app/strings/en/apart.js";
import { lagProfiles } from "../../web/core/inside/analysis.js";
import { axisOf } from "../../web/views/apart/lives.js";
import { FlowView } from "../../web/views/figures/flow.js";
import { GatesView } from "../../web/views/figures/gates.js";
import { Chart } from "../../web/views/parts/chart.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { fill, magnitude, visible } from "../../web/views/parts/format.js";
import { LagHistory } from "../../web/views/parts/history.js";
import { SvgPen } from "../../web/views/parts/svg.js";
import { TrainerClient } from "../../web/worker/client.js";
import { lookAt } from "../../web/worker/look.js";
import { ScoreView } from "../../web/views/score/score.js";
import { UnrolledView } from "../../web/views/unrolled/unrolled.js";

const LONG = "the cat sat on a mat and saw the rat run by";
const SHORT = "the cat sat";
const options = { strings: en, palette: makePalette(false) };
const root = () => document.createElement("div");

/** A page of which a pane is opened; its dock draws what the pane draws. */
function pageOf(open) {
  const page = Object.assign(new EventTarget(), {
    reader: new Reader(),
    held: Object.assign(new EventTarget(), { hold: null }),
    run: Object.assign(new EventTarget(), { story: { lags: [] }, client: { settings: {} } }),
    moment: { seen: null, past: null, look() {} },
    dock: { draw: () => page.moment.seen && page.pane.draw(page.moment.seen), has: () => false },
    tokenStrings: en,
    stringsOf: () => en,
    strings: en,
    language: "en",
    tokens: "char",
    carries: true,
    window: 12,
    attempt: (work) => work(),
  });
  page.root = root();
  page.pane = open(page.root, page);
  /** As the page shows another moment. */
  page.show = (trace, step = 0) => {
    page.moment.seen = { step, trace, profiles: lagProfiles(trace) };
    new Panels(page, null).draw();
    page.dock.draw();
  };
  return page;
}

const sliderOf = (page) => page.root.querySelectorAll("div").find((each) => each.getAttribute("role") === "slider");

test("where the reader looks is kept within the text that is read and the network that reads it", () => {
  const reader = new Reader();
  reader.fit({ L: 1, T: 9, H: 4 });
  assert.equal(reader.t, -1, "none was chosen");
  reader.move({ t: 67, layer: 1, unit: 40, stretch: [3, 8] });
  reader.fit({ L: 2, T: 68, H: 41 });
  assert.deepEqual([reader.t, reader.layer, reader.unit, reader.stretch], [67, 1, 40, [3, 8]]);
  reader.fit({ L: 1, T: 8, H: 16 });
  assert.deepEqual([reader.t, reader.layer, reader.unit, reader.stretch], [7, 0, 15, null]);
});

test("how gradients flow back is told of a shorter text too, from its last character", (t) => {
  const trainer = makeTrainer(t);
  const page = pageOf(openFlow);
  page.show(trainer.probe(LONG));
  page.reader.move({ t: 40 });
  assert.equal(sliderOf(page).getAttribute("aria-valuenow"), "40");
  page.show(trainer.probe(SHORT));
  assert.equal(page.reader.t, 10);
  assert.equal(sliderOf(page).getAttribute("aria-valuemax"), "10");
  assert.equal(sliderOf(page).getAttribute("aria-valuenow"), "10");
  assert.equal(sliderOf(page).getAttribute("aria-valuetext"), en.flow.atLast);
});

/** What is drawn of a trace. */
const flowOf = (trace) => ({
  trace,
  profile: lagProfiles(trace)[0],
  layout: { T: trace.tokens.length, column: 8, label: 0, narrow: true, width: 8 * trace.tokens.length },
  layer: 0,
  step: 0,
  at: null,
  seqLen: 12,
  history: new LagHistory(),
  norms: null,
  keep: null,
  keepTen: null,
});

test("a figure of flow that nobody told of a shorter text looks at its last character", (t) => {
  const trainer = makeTrainer(t);
  const view = new FlowView(root(), options);
  view.draw(flowOf(trainer.probe(LONG)));
  view.setCursor(40);
  view.draw(flowOf(trainer.probe(SHORT)));
  assert.equal(view.scroller.getAttribute("aria-valuetext"), en.flow.atLast);
});

test("a pointer that rests on the network while a shorter text comes points at its last character", (t) => {
  const trainer = makeTrainer(t);
  const view = new UnrolledView(root(), options);
  view.take(trainer.probe(LONG), { step: 0 });
  view.show();
  view.setCursor(40);
  const stage = view.figure.body.children[0];
  act(stage, "pointermove", { pointerType: "mouse", clientX: 890, clientY: 100 });
  assert.match(stage.getAttribute("aria-valuetext"), new RegExp(visible(LONG[40])));
  assert.equal(stage.getAttribute("aria-valuenow"), "40");
  view.take(trainer.probe(SHORT), { step: 0 });
  view.show();
  assert.equal(stage.getAttribute("aria-valuenow"), "10");
});

test("the text runs on by itself also where another moment is shown at every beat's half, and rests where it is held", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const trace = makeTrainer(t).probe(LONG);
  const view = new UnrolledView(root(), options);
  const show = () => {
    view.take(trace, { step: 0 });
    view.show();
  };
  view.setReading(true);
  show();
  const from = view.cursor;
  for (let half = 1; half <= 6; half++) {
    t.mock.timers.tick(450);
    show();
  }
  assert.equal(view.cursor, from + 3);
  const stage = view.figure.body.children[0];
  act(stage, "pointermove", { pointerType: "mouse", clientX: 890, clientY: 100 });
  t.mock.timers.tick(1800);
  assert.equal(view.cursor, from + 3, "a character is held");
  act(stage, "pointerleave");
  t.mock.timers.tick(900);
  assert.equal(view.cursor, from + 4);
  view.dispose();
});

test("the score reads on in the last layer there is when the network has fewer", async (t) => {
  const [two, one] = [2, 1].map((layers) => makeTrainer(t, { layers }).probe(SHORT));
  const page = pageOf(openScore);
  await null; // it knows its width
  page.show(two);
  page.reader.move({ layer: 1 });
  page.show(one);
  assert.equal(page.reader.layer, 0);
  act(sliderOf(page), "keydown", { key: "ArrowLeft" });
  const told = page.root.querySelector(".u-readout").textContent;
  assert.match(told, /^5: .*unit \d+.*h [+−]0\.\d/);
  assert.doesNotMatch(told, /NaN/);

  const view = new ScoreView(root(), options);
  view.draw(one);
  view.setLayer(1);
  assert.equal(view.layer, 0);
});

test("a score that is opened late shows the layer that was chosen before", (t) => {
  const page = pageOf((where, its) => (its.reader.move({ layer: 1 }), openScore(where, its)));
  page.show(makeTrainer(t, { layers: 2 }).probe(SHORT));
  assert.equal(page.root.querySelector("select").value, "1");
});

test("the axis of memory holds every half-life and every lag whose gradient is followed", () => {
  const lags = Array.from({ length: 40 }, (_, i) => i + 1);
  for (const lives of [[], [2, 2.4, 3], [0.4, 250]]) {
    const y = axisOf(lives, lags);
    const chart = new Chart(
      new SvgPen(),
      { left: 0, top: 0, width: 100, height: 200 },
      { x: { low: 0, high: 1 }, y, palette: makePalette(false) },
    );
    const most = Math.max(...lives, ...lags);
    assert.ok(y.high >= Math.log10(most) && y.high < Math.log10(3 * most), `up to 10 ** ${y.high} for ${most}`);
    const heights = lags.map((lag) => chart.y(lag));
    assert.ok(
      heights.every((height, i) => !i || height < heights[i - 1]),
      `${heights}`,
    );
  }
  assert.deepEqual(axisOf([], []), { low: -1, high: 0, log: true });
});

test("a row that was chosen in the map of units stays while the network learns, until another unit is pointed at", (t) => {
  const trace = makeTrainer(t).probe(LONG);
  const view = new GatesView(root(), options);
  const draw = (more = {}) =>
    view.draw({ trace, layer: 0, rows: Int32Array.from({ length: 16 }, (_, j) => 15 - j), unit: 12, ...more });
  const told = () => view.figure.root.querySelector(".u-readout").textContent;
  const unit = (n) => new RegExp(`^unit ${n} after `);
  draw();
  assert.match(told(), unit(12));
  const slider = view.figure.root.querySelector(".u-scroll");
  for (const key of ["ArrowDown", "ArrowDown"]) act(slider, "keydown", { key });
  assert.match(told(), unit(10));
  draw();
  assert.match(told(), unit(10));
  draw({ rows: Int32Array.from({ length: 16 }, (_, j) => j) });
  assert.match(told(), unit(10), "its row is another");
  draw({ unit: 3 });
  assert.match(told(), unit(3));
});

test("a tap says what is under it, in the map of units and in the triangle", (t) => {
  const trace = makeTrainer(t).probe(SHORT);
  const gates = new GatesView(root(), options);
  gates.draw({ trace, layer: 0, rows: Int32Array.from({ length: 16 }, (_, j) => j), unit: 0 });
  const [map] = gates.figure.root.querySelector(".u-lane").children;
  act(map, "click", { clientX: 0, clientY: 20 + 2.5 * (256 / 16) });
  assert.match(gates.figure.root.querySelector(".u-readout").textContent, /^unit 2 after ␣: /);

  const flow = new FlowView(root(), options);
  flow.draw(flowOf(trace));
  act(flow.scroller.children[0], "click", { clientX: 8 * 6.5, clientY: 2.5 * Math.floor(240 / 11) });
  const told = flow.figure.root.querySelector(".u-readout").textContent;
  const value = magnitude(trace.flow[6 * 11 + 4]);
  assert.equal(told, fill(en.flow.at, { t: 6, token: "t", next: "␣", lag: 2, earlier: "c", value }));
});

for (const [what, settings] of [
  ["words", { tokens: "word" }],
  ["words of which the rare ones are left out", { tokens: "word", minCount: 60 }],
])
  test(`a token is changed in a text of ${what}, between two words too`, (t) => {
    const trainer = makeTrainer(t, settings);
    const page = pageOf(openDifference);
    page.tokens = "word";
    const text = "the cat saw the rat";
    page.moment.look = () => {
      page.moment.seen = { profiles: [], ...lookAt(trainer, { text, ...page.pane.wants() }) };
      page.dock.draw();
    };
    page.moment.look();
    const { tokens } = page.moment.seen.trace;
    assert.equal(tokens.includes("<unk>"), "minCount" in settings);
    const told = () => page.root.querySelector(".u-numbers").textContent;
    const place = () => page.root.querySelector("output").textContent;
    for (const at of [0, 1, 2, 3, 6]) {
      page.reader.move({ t: at });
      assert.equal(place(), `At the cursor, place ${at}: ${visible(tokens[at])}`);
      assert.match(told(), new RegExp(`^The readings part at place ${at}, where ${visible(tokens[at])} became `));
    }
  });

/** A page of two layers at rest, in which a pane measures; `measure` presses its button. */
async function layeredPage(t, open) {
  globalThis.Worker = PageWorker;
  const client = await TrainerClient.create({ ...small, layers: 2, seed: 1 }, { core: { variant: "simd" } });
  t.after(() => client.dispose());
  const page = pageOf((root, its) => {
    Object.assign(its, { format });
    Object.assign(its.run, { client, text: small.text.slice(0, 400), at: 0 });
    its.work = new Work(its.run);
    Object.assign(its.moment, { busy: false, step: 0, save: () => client.save() });
    return open(root, its);
  });
  const look = async () => {
    page.moment.seen = { profiles: [], ...(await client.look({ text: LONG, ...page.pane.wants() })) };
    page.dock.draw();
  };
  page.moment.look = () => (page.looked = look());
  await page.moment.look();
  const told = (name) => page.root.querySelectorAll(name).map((each) => each.textContent);
  const measure = async (name) => {
    const ended = new Promise((done) =>
      page.work.addEventListener("change", () => page.work.current === null && done()),
    );
    const button = page.root.querySelectorAll("button").find((each) => each.textContent === name);
    act(button, "click");
    await ended;
  };
  return { page, told, measure };
}

test("what was measured in one layer is not shown of another: the costs of units", async (t) => {
  const { page, told, measure } = await layeredPage(t, openCosts);
  await measure(words.costs.start);
  assert.match(told(".u-numbers")[0], /^Switching off unit \d+ costs /);
  assert.equal(told(".work")[0], "Measured on the network of step 0, in layer 1.");
  page.reader.move({ unit: 3 });
  assert.match(told(".u-numbers")[0], /Unit 3: /);
  page.reader.move({ layer: 1 });
  assert.equal(told(".u-numbers")[0], "");
  assert.equal(told(".work")[0], "That was measured in layer 1; layer 2 is looked at now. Measure again.");
});

test("what was measured in one layer is not shown of another: fixed points", async (t) => {
  const { page, told, measure } = await layeredPage(t, openPath);
  await measure(words.path.start);
  assert.match(told(".u-numbers")[0], /draw states nearby to a fixed point/);
  assert.equal(told(".work")[0], "Measured on the network of step 0, in layer 1.");
  page.reader.move({ layer: 1 });
  assert.doesNotMatch(told(".u-numbers")[0], /fixed point/);
  await page.looked;
  assert.doesNotMatch(told(".u-numbers")[0], /fixed point/);
  assert.equal(told(".work")[0], "That was measured in layer 1; layer 2 is looked at now. Measure again.");
});

test("a measurement during which another layer is chosen is not kept", async (t) => {
  const { page, told, measure } = await layeredPage(t, openPath);
  page.work.addEventListener("change", () => {
    if (page.work.current?.standing === "0%" && !page.reader.layer) page.reader.move({ layer: 1 });
  });
  await measure(words.path.start);
  assert.equal(told(".work")[0], "That was measured in layer 1; layer 2 is looked at now. Measure again.");
  assert.doesNotMatch(told(".u-numbers")[0], /fixed point/);
  await page.looked;
});
