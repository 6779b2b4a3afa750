/** The inside of the run: the figures, what they are drawn from, and what they ask of the page. */
import { blockShares, lagProfile, layerMean, spectralNorm } from "../core/analysis.js";
import { GATES } from "../core/trace.js";
import { ClipView } from "../views/clip.js";
import { readPalette } from "../views/colours.js";
import { layoutColumns } from "../views/columns.js";
import { CheckView } from "../views/check.js";
import { CompareView } from "../views/compare.js";
import { FlowView } from "../views/flow.js";
import { GatesView } from "../views/gates.js";
import { ClipHistory, LagHistory } from "../views/history.js";
import { ScoreView } from "../views/score.js";
import { SlowView } from "../views/slow.js";
import { TravelView } from "../views/travel.js";
import { h } from "./dom.js";
import { checkGradients, slowUpdate } from "./experiments.js";
import { Lockstep } from "./lockstep.js";
import { ProbeText } from "./probetext.js";
import { Probes } from "./probes.js";
import { Twin } from "./twin.js";

/** @typedef {import("../core/trace.js").Trace & {step: number}} Trace */

const CLIP_INTERVAL = 400; // ms between two drawings of what every report changes
const NARROW = "(max-width: 40rem)";
/** A network whose gradients explode where nothing holds them, and that learns where something does: so with seeds 1 to 5 on every sample text. */
const EXPLODING = { cell: "rnn", layers: 1, hidden: 64, embedding: 0, batch: 16, seqLen: 64, optimizer: "sgd", learningRate: 2, clipMode: "norm", clipThreshold: 1 };

export class Inside {
  #page;
  #probes = new Probes();
  /** @type {any} the views by name, of the page as it is built now */ #views = null;
  /** @type {Set<Element>} figures on the screen */ #seen = new Set();
  /** @type {Trace | null} */ #trace = null;
  /** @type {Trace | null} the last with its flow */ #flow = null;
  /** @type {Trace | null} of a longer stretch */ #response = null;
  /** @type {LagHistory[]} by layer */ #lags = [];
  #clips = new ClipHistory();
  /** @type {ReturnType<typeof blockShares>} */ #blocks = [];
  /** @type {Record<string, number>[]} spectral norms by layer */ #norms = [];
  #turn = 0;
  /** @type {Twin | null} */ #twin = null;
  /** @type {number | null} the step that is looked back at */ #past = null;
  #clipDrawn = 0;
  /** @type {Lockstep | null} */ #lockstep = null;
  #watching = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) this.#seen[isIntersecting ? "add" : "delete"](target);
    this.#draw();
  }, { rootMargin: "200px" });

  /** @param {import("./page.js").Page} page before it is built */
  constructor(page) {
    this.#page = page;
    page.addEventListener("build", () => this.#build());
    page.addEventListener("theme", () => this.#recolour());
    this.#listen();
  }

  get #client() { return this.#page.run.client; }

  /** When its page goes. */
  dispose() {
    this.#setTwin(false);
    this.#lockstep?.close();
    this.#probes.watch(null, "", "");
    this.#watching.disconnect();
    for (const view of Object.values(this.#views ?? {})) view.dispose?.();
    this.#views = null;
  }

  #build() {
    const { inside, strings, state } = this.#page;
    this.#watching.disconnect();
    this.#seen.clear();
    for (const view of Object.values(this.#views ?? {})) view.dispose?.();
    const narrow = matchMedia(NARROW).matches;
    const palette = readPalette(inside);
    const options = { strings, palette };
    const probe = new ProbeText(strings.inside, { length: narrow ? 80 : 112, chosen: state.probe }, (text) => this.#takeProbe(text));
    inside.setAttribute("aria-labelledby", "u-inside-title");
    inside.replaceChildren(
      h("h2", { id: "u-inside-title" }, strings.inside.title),
      h("p", { class: "small" }, strings.inside.lead),
      probe.element);
    const room = () => inside.appendChild(h("div"));
    const travel = new TravelView(room(), options);
    const score = new ScoreView(room(), { ...options, units: narrow ? 16 : 32, closed: narrow ? ["i", "g", "o", "r"] : [] });
    const flow = new FlowView(room(), options);
    const clip = new ClipView(room(), options);
    const gates = new GatesView(room(), options);
    const compare = new CompareView(room(), { ...options, units: narrow ? 12 : 24 });
    const slow = new SlowView(room(), options);
    const check = new CheckView(room(), options);
    this.#views = { probe, travel, score, flow, clip, gates, compare, slow, check };
    this.#connect();
    for (const view of [score, flow, clip, gates, compare]) this.#watching.observe(view.figure.root);
    if (this.#client) probe.show(this.#page.run.text, this.#client);
    if (state.cursor !== undefined) score.setCursor(state.cursor, false);
    this.#draw();
  }

  /** What the figures tell. */
  #connect() {
    const { score, flow, clip, travel, compare, slow, check } = this.#views;
    const on = (/** @type {EventTarget} */ view, /** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
      view.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on(score, "cursor", ({ t }) => { flow.setCursor(t); this.#page.state.set({ cursor: t }); });
    on(flow, "cursor", ({ t }) => score.setCursor(t));
    on(score, "scroll", ({ left }) => { if (flow.scroller.scrollLeft !== left) flow.scroller.scrollLeft = left; });
    on(flow, "scroll", ({ left }) => { if (score.scroller.scrollLeft !== left) score.scroller.scrollLeft = left; });
    on(score, "layer", () => { this.#drawFlow(); this.#drawGates(); });
    on(score, "layout", () => this.#drawFlow());
    on(score, "unit", () => this.#drawGates());
    on(flow, "seqlen", ({ seqLen }) => this.#page.takeSettings({ seqLen }));
    on(clip, "threshold", ({ threshold }) => this.#page.takeSettings({ clipThreshold: threshold }));
    on(clip, "beside", ({ wanted }) => this.#page.attempt(() => this.#setTwin(wanted)));
    on(clip, "explode", () => this.#page.attempt(() => this.#explode()));
    on(travel, "go", ({ step }) => this.#page.attempt(() => this.#goTo(step)));
    on(travel, "branch", ({ step }) => this.#page.attempt(() => this.#branch(step)));
    on(compare, "run", ({ wanted }) => this.#page.attempt(() => this.#compare(wanted)));
    on(slow, "start", () => this.#page.attempt(() => this.#slow()));
    on(check, "check", () => this.#page.attempt(() => this.#check()));
  }

  #listen() {
    const { run } = this.#page;
    run.addEventListener("run", () => this.#begin());
    run.addEventListener("report", (event) => {
      const { reports } = /** @type {CustomEvent} */ (event).detail;
      for (const report of reports ?? []) this.#clips.add(report);
      this.#twin?.follow(this.#client?.progress.step ?? 0);
      this.#probes.look({ drawn: this.#seen.size > 0 });
      if (performance.now() - this.#clipDrawn < CLIP_INTERVAL) return;
      this.#clipDrawn = performance.now();
      this.#drawClip();
      this.#keepMoments();
    });
    run.addEventListener("running", () => { if (!run.running) this.#probes.look({ now: true }); });
    run.addEventListener("restored", (event) => {
      const { step } = /** @type {CustomEvent} */ (event).detail;
      for (const lags of this.#lags) lags.cutAfter(step);
      this.#clips.clear();
      this.#setTwin(false);
      this.#goTo(null);
      this.#probes.look({ now: true });
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
      this.#drawScore();
    });
    on("flow", ({ trace }) => this.#takeFlow(trace));
    on("response", ({ trace }) => {
      if (this.#past !== null) return;
      this.#response = trace;
      this.#drawGates();
    });
    on("norms", ({ parameters }) => this.#takeParameters(parameters));
    on("blocks", ({ norms }) => { this.#blocks = blockShares(norms); this.#drawClip(); });
  }

  /** A run stands at its beginning. */
  #begin() {
    const client = this.#client;
    if (!client || !this.#views) return;
    this.#lags = Array.from({ length: client.settings.layers }, () => new LagHistory());
    this.#clips.clear();
    this.#blocks = [];
    this.#norms = [];
    this.#setTwin(false);
    this.#closeCompare();
    this.#past = null;
    for (const name of ["travel", "slow", "check"]) this.#views[name].clear();
    this.#views.probe.show(this.#page.run.text, client);
    this.#watch();
  }

  /** @param {string} text the user's, or "" for a piece of the text that is learnt */
  #takeProbe(text) {
    this.#page.state.set({ probe: text || undefined, cursor: undefined });
    for (const lags of this.#lags) lags.clear();
    this.#closeCompare();
    this.#views.travel.clear();
    this.#past = null;
    this.#watch();
  }

  #watch() {
    const { text, longText } = this.#views.probe;
    this.#trace = this.#flow = this.#response = null;
    this.#probes.watch(text ? this.#client : null, text, longText);
    this.#probes.look({ now: true });
  }

  /** @param {Trace} trace */
  #takeFlow(trace) {
    this.#lags.forEach((lags, layer) => lags.add(trace.step, lagProfile(/** @type {Float32Array} */ (trace.flow), trace.sizes.T, layer)));
    if (this.#past === null) this.#show(trace);
  }

  /** @param {Trace} trace with its flow */
  #show(trace) {
    this.#flow = this.#trace = trace;
    this.#drawScore();
    this.#drawFlow();
  }

  /** One matrix a time: a large one takes the page some milliseconds. @param {Record<string, Float32Array>} parameters @param {boolean} [past] of an earlier moment */
  #takeParameters(parameters, past = false) {
    if (past) this.#norms = [];
    else if (this.#past !== null) return;
    const { cell, hidden: H, layers } = /** @type {any} */ (this.#client).settings;
    const gates = cell === "rnn" ? ["h"] : GATES[/** @type {"lstm" | "gru"} */ (cell)];
    const all = gates.length * layers;
    for (let n = this.#norms.length ? 1 : all; n > 0; n--, this.#turn = (this.#turn + 1) % all) {
      const [layer, gate] = [Math.floor(this.#turn / gates.length) % layers, this.#turn % gates.length];
      const W = parameters[`rnn.weight_hh_l${layer}`];
      this.#norms[layer] = { ...this.#norms[layer], [gates[gate]]: spectralNorm(W, H, H, { offset: gate * H * H, iterations: Math.max(8, Math.min(100, Math.floor(4e6 / (H * H)))) }) };
    }
    this.#drawFlow();
  }

  // ---- Drawing: what is on the screen, from what is at hand

  #isSeen(/** @type {string} */ name) { return this.#views && this.#seen.has(this.#views[name].figure.root); }

  #draw() {
    this.#drawScore();
    this.#drawFlow();
    this.#drawClip();
    this.#drawGates();
    this.#drawCompare();
  }

  #drawScore() {
    if (!this.#trace || !this.#isSeen("score")) return;
    const flow = this.#trace.flow ?? (this.#flow?.ids.length === this.#trace.ids.length ? this.#flow.flow : undefined);
    this.#views.score.draw({ ...this.#trace, flow }, { step: this.#trace.step });
    this.#views.flow.setCursor(this.#views.score.cursor);
  }

  #drawFlow() {
    if (!this.#flow || !this.#isSeen("flow")) return;
    const { score, flow } = this.#views;
    // The score is drawn first, and its columns are the flow's; a demo may leave it out.
    const layout = score.figure.root.hidden ? layoutColumns(this.#flow.tokens, flow.scroller.clientWidth) : score.layout;
    if (layout.T !== this.#flow.sizes.T) return;
    const { cellType, gruReset, gates, sizes: { T, H } } = this.#flow;
    const layer = Math.min(score.layer, this.#lags.length - 1);
    const z = () => layerMean(gates.z, T, H, layer);
    const keep = cellType === "lstm" ? layerMean(gates.f, T, H, layer) : cellType === "rnn" ? null : gruReset === "after" ? z() : 1 - z();
    flow.draw({
      trace: this.#flow, layout, layer, step: this.#flow.step, at: this.#past, seqLen: this.#page.state.settings.seqLen,
      history: this.#lags[layer], norms: this.#norms[layer] ?? null, keep,
    });
  }

  #drawClip() {
    if (!this.#client || !this.#isSeen("clip")) return;
    const { clipMode, clipThreshold } = this.#page.state.settings;
    this.#views.clip.draw({ history: this.#clips, clip: { mode: clipMode, threshold: clipThreshold }, blocks: this.#blocks, beside: this.#twin, at: this.#past });
  }

  #drawGates() {
    if (!this.#response || !this.#isSeen("gates")) return;
    const { score, gates } = this.#views;
    const { H } = this.#response.sizes;
    const rows = score.rows.length && score.rows.every((/** @type {number} */ unit) => unit < H) ? score.rows : Int32Array.from({ length: H }, (_, j) => j);
    gates.draw({ trace: this.#response, layer: Math.min(score.layer, this.#response.sizes.L - 1), rows, unit: Math.min(score.unit, H - 1) });
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
    if (!client || !this.#seen.size) return;
    const { steps } = await client.snapshots();
    if (client === this.#client) this.#views?.travel.draw({ steps, present: client.progress.step });
  }

  /** @param {number | null} step null: the present */
  async #goTo(step) {
    this.#past = step;
    const client = this.#client;
    if (!client) return;
    if (step === null) {
      this.#norms = [];
      return this.#probes.look({ now: true });
    }
    const { text, longText } = this.#views.probe;
    const [trace, response, parameters] = await Promise.all([
      client.probeAt(step, text, { unknown: "drop" }), client.probeAt(step, longText, { flow: false, unknown: "drop" }), client.parametersAt(step)]);
    if (this.#past !== step || client !== this.#client) return;
    this.#response = { ...response, step };
    this.#show({ ...trace, step });
    this.#takeParameters(parameters, true);
    this.#drawClip();
    this.#drawGates();
  }

  /** Training goes on from an earlier moment; what came after it is forgotten. @param {number} step */
  async #branch(step) {
    const { run } = this.#page;
    await run.restore(step);
    this.#views.travel.clear();
    await run.play();
  }

  // ---- Three cells side by side

  /** @param {boolean} wanted */
  async #compare(wanted) {
    const { run, state } = this.#page;
    if (!this.#lockstep) {
      const { text } = this.#views.probe;
      if (!text || !this.#client) return;
      const lockstep = new Lockstep(() => !document.hidden && this.#isSeen("compare"));
      this.#lockstep = lockstep;
      lockstep.addEventListener("change", () => { if (this.#lockstep === lockstep) this.#drawCompare(); });
      try {
        await lockstep.open(state.settings, run.text, text, run.workerOptions);
      } catch (error) {
        this.#closeCompare();
        throw error;
      }
      if (this.#lockstep !== lockstep) return;
    }
    if (wanted) this.#lockstep.run();
    else this.#lockstep.pause();
    this.#drawCompare();
  }

  #drawCompare() {
    if (this.#lockstep && this.#isSeen("compare")) this.#views.compare.draw(this.#lockstep);
  }

  #closeCompare() {
    this.#lockstep?.close();
    this.#lockstep = null;
    this.#views.compare.clear();
  }

  // ---- On a copy of the network

  async #slow() {
    const client = this.#client;
    if (!client || !this.#trace) return;
    const layer = Math.min(this.#views.score.layer, client.settings.layers - 1);
    const data = await slowUpdate(client, this.#page.run.text, this.#trace.ids, layer);
    const { strings } = this.#page;
    if (client === this.#client) this.#views?.slow.draw({ ...data, optimizer: /** @type {any} */ (strings.controls.optimizer)[data.optimizer] });
  }

  async #check() {
    const client = this.#client;
    if (!client || !this.#trace) return;
    this.#views.check.setBusy(true);
    try {
      const data = await checkGradients(client, this.#page.run.text, this.#trace.ids);
      if (client === this.#client) this.#views?.check.draw(data);
    } finally {
      this.#views?.check.setBusy(false);
    }
  }

  // ---- Without clipping

  /** @param {boolean} wanted */
  async #setTwin(wanted) {
    this.#twin?.close();
    this.#twin = null;
    if (wanted && this.#client) {
      const twin = new Twin();
      this.#twin = twin;
      twin.addEventListener("report", () => { if (twin.diverged !== null) this.#drawClip(); });
      try {
        await twin.open(this.#client, this.#page.run.text, this.#page.run.workerOptions);
      } catch (error) {
        this.#twin = null;
        throw error;
      }
    }
    this.#drawClip();
  }

  /** Clipping holds this run; its twin has none, and breaks. */
  async #explode() {
    await this.#page.takeSettings(EXPLODING);
    await this.#setTwin(true);
  }
}
