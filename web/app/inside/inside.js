/** The inside of the run: the figures, what they are drawn from, and what they ask of the page. */
import { blockShares, lagProfiles, layerMean } from "../../core/inside/analysis.js";
import { readPalette } from "../../views/parts/colours.js";
import { layoutColumns } from "../../views/parts/columns.js";
import { ClipHistory, LagHistory } from "../../views/parts/history.js";
import { InTurn } from "../../views/parts/inturn.js";
import { Branches } from "./branches.js";
import { CloseUp } from "./closeup.js";
import { Comparison } from "./comparison.js";
import { nextGradientNorms } from "./experiments.js";
import { layFigures } from "./figures.js";
import { between } from "../shell/motion.js";
import { Norms } from "./norms.js";
import { OnScreen } from "../shell/onscreen.js";
import { Probes } from "./probes.js";
import { inTokens } from "../strings/tokens.js";
import { unasked } from "../shell/unasked.js";
import { Unclipped } from "./unclipped.js";

/** @typedef {import("../../core/inside/trace.js").Trace & {step: number}} Trace */

const CLIP_INTERVAL = 400; // ms between two drawings of what every report changes
const MOMENTS_INTERVAL = 2000; // ms between two looks at which moments were kept
const UNSEEN_INTERVAL = 1000; // ms between two drawings of figures off the screen, one at a time
const REST = 500; // ms at one moment of the past before an update is made and checked there

export class Inside {
  #page;
  #probes = new Probes();
  /** @type {any} the views by name, of the page as it is built now */ #views = null;
  /** What a token is in their words. */ #tokens = "char";
  #gone = false;
  #screen = new OnScreen();
  #drawing = new InTurn();
  /** The one figure that is drawn though it is off the screen. */ #unseen = "";
  #round = 0;
  /** @type {Trace | null} */ #trace = null;
  /** @type {Trace | null} the last with its flow */ #flow = null;
  /** @type {Float32Array[]} its lag profiles, by layer */ #profiles = [];
  /** @type {Trace | null} of a longer stretch */ #response = null;
  /** @type {LagHistory[]} by layer */ #lags = [];
  #clips = new ClipHistory();
  /** @type {ReturnType<typeof blockShares>} */ #blocks = [];
  #norms = new Norms();
  /** @type {number | null} the step that is looked back at */ #past = null;
  #clipDrawn = 0;
  #momentsDrawn = 0;
  #compare;
  #unclipped;
  #branches;
  /** @type {CloseUp | null} */ #closeUp = null;
  #resting = 0;
  #ticking = setInterval(() => this.#drawUnseen(), UNSEEN_INTERVAL);

  /** @param {import("../page.js").Page} page before it is built */
  constructor(page) {
    this.#page = page;
    this.#compare = new Comparison(
      page,
      () => this.#views.probe.text,
      () => this.#isSeen("compare"),
    );
    this.#unclipped = new Unclipped(page, () => this.#drawClip());
    this.#branches = new Branches(page, () => this.#keepSeen());
    this.#screen.addEventListener("near", () => this.#drawing.run(Object.values(this.#drawers)));
    this.#screen.addEventListener("reached", (event) => this.#reach(/** @type {CustomEvent} */ (event).detail.name));
    page.addEventListener("build", () => this.#build());
    page.addEventListener("theme", () => this.#recolour());
    this.#listen();
  }

  get #client() {
    return this.#page.run.client;
  }

  /** When its page goes. */
  dispose() {
    this.#gone = true;
    clearInterval(this.#ticking);
    this.#drawing.stop();
    clearTimeout(this.#resting);
    this.#unclipped.forget();
    if (this.#views) this.#compare.close();
    this.#probes.watch(null, "", "");
    this.#screen.clear();
    for (const view of Object.values(this.#views ?? {})) view.dispose?.();
    this.#views = null;
  }

  #build() {
    if (this.#gone) return;
    const { inside, glimpse, strings: words, state } = this.#page;
    for (const view of Object.values(this.#views ?? {})) view.dispose?.();
    this.#tokens = (this.#client?.settings ?? state.settings).tokens;
    const strings = this.#tokens === "char" ? words : inTokens(words);
    this.#views = layFigures(inside, glimpse, strings, {
      chosen: state.probe,
      change: (text) => this.#takeProbe(text),
    });
    const { probe, travel, compare, slow, check, ...drawn } = this.#views;
    this.#compare.show(compare);
    this.#closeUp = new CloseUp(this.#page, () => this.#moment, { slow, check });
    this.#connect();
    this.#screen.watch({
      travel: travel.root,
      ...Object.fromEntries(
        Object.entries({ ...drawn, compare, slow, check }).map(([name, view]) => [name, view.figure.root]),
      ),
    });
    if (this.#client) probe.show(this.#page.run.text, this.#client);
    if (state.cursor !== undefined)
      for (const view of [drawn.score, drawn.glimpse]) view?.setCursor(state.cursor, false);
    this.#branches.tell();
    this.#page.dispatchEvent(new Event("figures"));
    if (!this.#client) return;
    if (!this.#lags.length) return this.#begin(); // the run stood before the page did
    this.#present();
    this.#watch();
  }

  /** What the figures tell. */
  #connect() {
    const { score, glimpse, flow, clip, travel } = this.#views;
    const on = (
      /** @type {EventTarget} */ view,
      /** @type {string} */ name,
      /** @type {(detail: any) => void} */ act,
    ) => view.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on(score, "cursor", ({ t }) => {
      flow.setCursor(t);
      glimpse?.setCursor(t, false);
      this.#page.state.set({ cursor: t });
    });
    on(flow, "cursor", ({ t }) => score.setCursor(t));
    if (glimpse) on(glimpse, "cursor", ({ t }) => score.setCursor(t));
    on(score, "scroll", ({ left }) => {
      if (flow.scroller.scrollLeft !== left) flow.scroller.scrollLeft = left;
    });
    on(flow, "scroll", ({ left }) => {
      if (score.scroller.scrollLeft !== left) score.scroller.scrollLeft = left;
    });
    on(score, "layer", ({ layer }) => {
      glimpse?.setLayer(layer);
      this.#drawFlow();
      this.#drawGates();
    });
    on(score, "layout", () => this.#drawFlow());
    on(score, "unit", () => this.#drawGates());
    on(flow, "seqlen", ({ seqLen }) => this.#page.takeSettings({ seqLen }));
    on(clip, "threshold", ({ threshold }) => this.#page.takeSettings({ clipThreshold: threshold }));
    on(clip, "beside", ({ wanted }) => this.#page.attempt(() => this.#unclipped.setTwin(wanted)));
    on(clip, "explode", () => this.#page.attempt(() => this.#unclipped.explode(() => this.#branches.wayBack())));
    on(travel, "go", ({ step }) => this.#page.attempt(() => this.#goTo(step)));
    on(travel, "branch", ({ step }) => this.#page.attempt(() => this.#branches.begin(step)));
  }

  #listen() {
    const { run } = this.#page;
    run.addEventListener("run", () => this.#begin());
    run.addEventListener("report", (event) => {
      const { reports } = /** @type {CustomEvent} */ (event).detail;
      for (const report of reports ?? []) this.#clips.add(report);
      this.#unclipped.twin?.follow(this.#client?.progress.step ?? 0);
      this.#probes.look({ drawn: this.#screen.any });
      if (performance.now() - this.#clipDrawn < between(CLIP_INTERVAL)) return;
      this.#clipDrawn = performance.now();
      this.#drawClip();
      if (this.#screen.any && performance.now() - this.#momentsDrawn > MOMENTS_INTERVAL) this.#keepMoments();
    });
    run.addEventListener("running", () => {
      this.#keepMoments();
      if (run.running) return this.#screen.again();
      this.#compare.rest();
      this.#probes.look({ now: true });
    });
    run.addEventListener("restored", (event) => {
      const { step } = /** @type {CustomEvent} */ (event).detail;
      for (const lags of this.#lags) lags.cutAfter(step);
      this.#clips.clear();
      this.#unclipped.setTwin(false);
      this.#views?.travel.clear();
      this.#keepMoments();
      this.#goTo(null);
    });
    const { state } = this.#page;
    state.addEventListener("change", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.settings) this.#drawClip();
    });
    const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
      this.#probes.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on("trace", ({ trace }) => {
      if (this.#past !== null) return;
      this.#trace = trace;
      this.#drawGlimpse();
      this.#drawScore();
    });
    on("flow", ({ trace }) => this.#takeFlow(trace));
    on("response", ({ trace }) => {
      if (this.#past !== null) return;
      this.#response = trace;
      this.#drawGates();
    });
    on("norms", ({ parameters }) => this.#takeParameters(parameters));
    on("blocks", ({ norms }) => {
      if (this.#past !== null) return;
      this.#blocks = blockShares(norms);
      this.#drawClip();
    });
  }

  /** A run stands at its beginning. */
  #begin() {
    const client = this.#client;
    if (!client || !this.#views) return;
    if (client.settings.tokens !== this.#tokens) this.#build();
    this.#lags = Array.from({ length: client.settings.layers }, () => new LagHistory());
    this.#clips.clear();
    this.#blocks = [];
    this.#norms.clear();
    this.#unclipped.forget();
    this.#branches.forget();
    this.#compare.close();
    this.#present();
    this.#closeUp?.clear();
    this.#views.probe.show(this.#page.run.text, client);
    this.#watch();
  }

  /** Nothing is looked back at. */
  #present() {
    this.#past = null;
    this.#page.lookBack(null);
    this.#compare.goTo(null);
    this.#views.travel.clear();
    this.#keepMoments();
  }

  /** @param {string} text the user's, or "" for a piece of the text that is learnt */
  #takeProbe(text) {
    this.#page.state.set({ probe: text || undefined, cursor: undefined });
    for (const lags of this.#lags) lags.clear();
    this.#closeUp?.clear();
    this.#compare.close();
    this.#present();
    this.#watch();
  }

  #watch() {
    const { text, longText } = this.#views.probe;
    this.#trace = this.#flow = this.#response = null;
    this.#probes.watch(text ? this.#client : null, text, longText);
    this.#probes.look({ now: true });
    this.#screen.again();
  }

  /** The reader has come to a figure: what it shows is begun, if the network is learning. @param {string} name */
  #reach(name) {
    if (!this.#page.run.running) return;
    if (name === "compare") this.#compare.reach();
    if (name === "slow") this.#closeUp?.reach();
  }

  /** @param {Trace} trace */
  #takeFlow(trace) {
    const profiles = lagProfiles(trace);
    this.#lags.forEach((lags, layer) => lags.add(trace.step, profiles[layer]));
    if (this.#past === null) this.#show(trace, profiles);
  }

  /** @param {Trace} trace with its flow @param {Float32Array[]} profiles by layer */
  #show(trace, profiles = lagProfiles(trace)) {
    this.#flow = this.#trace = trace;
    this.#profiles = profiles;
    this.#drawGlimpse();
    this.#drawScore();
    this.#drawFlow();
  }

  /** @param {Record<string, Float32Array>} parameters @param {boolean} [past] of an earlier moment */
  #takeParameters(parameters, past = false) {
    if (past) this.#norms.clear();
    else if (this.#past !== null) return;
    this.#norms.take(parameters, /** @type {any} */ (this.#client).settings);
    this.#drawFlow();
  }

  /** What a copy is made of. */
  get #moment() {
    const client = this.#client;
    if (!client || !this.#trace) return null;
    return {
      client,
      text: this.#page.run.text,
      step: this.#past,
      ids: this.#trace.ids,
      layer: Math.min(this.#views.score.layer, client.settings.layers - 1),
    };
  }

  // ---- Drawing: what is on the screen, from what is at hand

  #isSeen(/** @type {string} */ name) {
    return this.#views && (this.#screen.has(name) || this.#unseen === name);
  }

  /** @type {Record<string, () => void>} by the figure's name */
  #drawers = {
    glimpse: () => this.#drawGlimpse(),
    score: () => this.#drawScore(),
    flow: () => this.#drawFlow(),
    clip: () => this.#drawClip(),
    gates: () => this.#drawGates(),
    compare: () => this.#compare.draw(),
  };

  /** What is off the screen is drawn now and then, so that who scrolls to it, or prints it, finds no blank. */
  #drawUnseen() {
    if (document.hidden) return;
    const figures = ["score", "flow", "clip", "gates"];
    const round = this.#round++;
    if (round > 2 * figures.length && round % 3) return; // once they are there, every third second is enough
    this.#unseen = figures[round % figures.length];
    if (!this.#screen.has(this.#unseen)) this.#drawers[this.#unseen]();
    this.#unseen = "";
  }

  /** The trace, with the flow of the last one that has it. */
  get #withFlow() {
    const trace = /** @type {Trace} */ (this.#trace);
    return {
      ...trace,
      flow: trace.flow ?? (this.#flow?.ids.length === trace.ids.length ? this.#flow.flow : undefined),
    };
  }

  /** When the trace was taken, and how long a window of training is. */
  get #taken() {
    return { step: this.#trace?.step, window: this.#page.state.settings.seqLen };
  }

  #drawGlimpse() {
    if (this.#trace && this.#views?.glimpse && this.#isSeen("glimpse"))
      this.#views.glimpse.draw(this.#withFlow, this.#taken);
  }

  #drawScore() {
    if (!this.#trace || !this.#isSeen("score")) return;
    this.#views.score.draw(this.#withFlow, this.#taken);
    this.#views.flow.setCursor(this.#views.score.cursor);
  }

  #drawFlow() {
    if (!this.#flow || !this.#isSeen("flow")) return;
    const { score, flow } = this.#views;
    // The score is drawn first, and its columns are the flow's; a demo may leave it out.
    const layout = score.figure.root.hidden
      ? layoutColumns(this.#flow.tokens, flow.scroller.clientWidth)
      : score.layout;
    if (layout.T !== this.#flow.sizes.T) return;
    const {
      cellType,
      gruReset,
      gates,
      sizes: { T, H },
    } = this.#flow;
    const layer = Math.min(score.layer, this.#lags.length - 1);
    const z = () => layerMean(gates.z, T, H, layer);
    const keep =
      cellType === "lstm"
        ? layerMean(gates.f, T, H, layer)
        : cellType === "rnn"
          ? null
          : gruReset === "after"
            ? z()
            : 1 - z();
    flow.draw({
      trace: this.#flow,
      profile: this.#profiles[layer],
      layout,
      layer,
      step: this.#flow.step,
      at: this.#past,
      seqLen: this.#page.state.settings.seqLen,
      history: this.#lags[layer],
      norms: this.#norms.layers[layer] ?? null,
      keep,
    });
  }

  #drawClip() {
    if (!this.#client || !this.#isSeen("clip")) return;
    const { clipMode, clipThreshold } = this.#page.state.settings;
    const { twin, exploded } = this.#unclipped;
    this.#views.clip.draw({
      history: this.#clips,
      clip: { mode: clipMode, threshold: clipThreshold },
      blocks: this.#blocks,
      beside: twin,
      exploded,
      at: this.#past,
    });
  }

  #drawGates() {
    if (!this.#response || !this.#isSeen("gates")) return;
    const { score, gates } = this.#views;
    const { H } = this.#response.sizes;
    const rows =
      score.rows.length && score.rows.every((/** @type {number} */ unit) => unit < H)
        ? score.rows
        : Int32Array.from({ length: H }, (_, j) => j);
    gates.draw({
      trace: this.#response,
      layer: Math.min(score.layer, this.#response.sizes.L - 1),
      rows,
      unit: Math.min(score.unit, H - 1),
    });
  }

  #recolour() {
    if (!this.#views) return;
    const palette = readPalette(this.#page.inside);
    for (const view of Object.values(this.#views)) view.setPalette?.(palette);
  }

  // ---- Time travel

  /** Which moments were kept. */
  async #keepMoments() {
    const client = this.#client;
    if (!client) return;
    this.#momentsDrawn = performance.now();
    await unasked(async () => {
      const { steps } = await client.snapshots();
      if (client === this.#client) this.#views?.travel.draw({ steps, present: client.progress.step });
    });
  }

  /** @param {number | null} step null: the present */
  async #goTo(step) {
    this.#past = step;
    this.#page.lookBack(step);
    this.#compare.goTo(step);
    clearTimeout(this.#resting);
    this.#resting = window.setTimeout(() => unasked(() => this.#rest()), REST);
    const client = this.#client;
    if (!client) return;
    if (step === null) {
      this.#norms.clear();
      return this.#probes.look({ now: true });
    }
    this.#blocks = []; // of that moment's update, once the reader stays there
    const { text, longText } = this.#views.probe;
    const [trace, response, parameters] = await Promise.all([
      client.probeAt(step, text, { unknown: "drop" }),
      client.probeAt(step, longText, { flow: false, unknown: "drop" }),
      client.parametersAt(step),
    ]);
    if (this.#past !== step || client !== this.#client) return;
    this.#response = { ...response, step };
    this.#show({ ...trace, step });
    this.#takeParameters(parameters, true);
    this.#drawClip();
    this.#drawGates();
  }

  /** What takes an update to know, once the reader stays at a moment. */
  async #rest() {
    const moment = this.#moment;
    if (moment?.step != null) {
      const norms = await nextGradientNorms(moment);
      if (moment.step !== this.#past) return;
      this.#blocks = blockShares(norms);
      this.#drawClip();
    }
    await this.#closeUp?.follow();
  }

  /** What was seen of the training until now. @returns {() => void} brings it back */
  #keepSeen() {
    const [lags, clips, { text }] = [this.#lags.map((each) => each.copy()), this.#clips.copy(), this.#views.probe];
    return () => {
      this.#clips = clips;
      if (this.#views.probe.text === text) this.#lags = lags;
    };
  }
}
