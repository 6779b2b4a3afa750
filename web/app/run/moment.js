/**
 * The one moment of training that everything on the page shows: the newest that was looked at, or an earlier one that
 * the reader went back to. What is shown of it is read from the worker in one go, so no two pictures are of two moments.
 *
 * A look costs training some time; the next one waits until it has been earned again. Events: "change" when there is
 * another moment to show, or none yet; "failed" {error}.
 */
import { lagProfiles } from "../../core/inside/analysis.js";
import { between } from "../shell/motion.js";

/** @typedef {import("../../worker/look.js").Wanted} Wanted */
/** @typedef {import("../../core/inside/trace.js").Trace & {step: number}} Trace */
/**
 * @typedef {object} Seen all of one step
 * @property {number} step
 * @property {Trace | null} trace
 * @property {Trace | null} response    of a longer stretch
 * @property {Float32Array[]} profiles  how gradients fall with distance, by layer; of a trace with its flow
 * @property {Record<string, Float32Array> | null} parameters
 * @property {Record<string, number> | null} norms
 * @property {{prompt: string, text: string} | {error: any} | null} sample null also where it would refuse what is asked no more
 * @property {import("../../worker/look.js").ReadHeld | null} held the same text and sample with something held
 * @property {Trace | null} edited     of another text
 * @property {ReturnType<typeof import("../../worker/look.js").axesOf> | null} axes along which states vary most
 * @property {number[]} moments that can be gone back to
 */

const SHARE = 0.05; // of the time may go into looking
const LEAST = 200; // ms between two looks
const CREDIT = 150; // ms given in advance: a network changes most in its first seconds
const FLOW_GROWTH = 1.1; // steps between two looks at how far gradients reach, where no picture asks for it

export class Moment extends EventTarget {
  #run;
  #wanted;
  /** The step that was gone back to; null: the present. @type {number | null} */ past = null;
  /** @type {Seen | null} */ seen = null;
  #time = -Infinity;
  #balance = CREDIT;
  #turn = 0;
  #busy = false;
  #again = false;
  /** What is under way, to be waited for. @type {Promise<void>} */ settled = Promise.resolve();

  /**
   * @param {import("./run.js").Run} run
   * @param {() => Wanted} wanted what the pictures on the page show
   */
  constructor(run, wanted) {
    super();
    this.#run = run;
    this.#wanted = wanted;
    run.addEventListener("run", () => this.forget());
    run.addEventListener("report", () => this.look({ now: !run.running }));
    run.addEventListener("stopped", () => this.look({ now: true }));
    run.addEventListener("crashed", () => this.forget());
  }

  /** Whether another is on its way. */
  get busy() {
    return this.#busy;
  }

  /** The step that everything shows. */
  get step() {
    return this.seen?.step ?? 0;
  }

  /** Another run, or another text to look into: what was seen is of no use. */
  forget() {
    this.#turn++;
    this.#busy = this.#again = false;
    this.past = this.seen = null;
    this.#time = -Infinity;
    this.#balance = CREDIT;
    this.#tell();
    const turn = this.#turn;
    queueMicrotask(() => turn === this.#turn && this.look({ now: true })); // when all know of the run
  }

  /** Looks anew where that is due. @param {{now?: boolean}} [options] now: whatever it costs */
  look({ now = false } = {}) {
    if (!this.#run.client) return;
    if (this.past !== null && !now) return; // the past stands still
    if (this.#busy) {
      this.#again ||= now;
      return;
    }
    const time = performance.now();
    const earned = Math.min(CREDIT, this.#balance + SHARE * (time - this.#time));
    if (!now && (earned < 0 || time - this.#time < between(LEAST))) return;
    this.#balance = Number.isFinite(earned) ? earned : CREDIT;
    this.#time = time;
    this.settled = this.#ask();
  }

  /**
   * Goes to a moment. It is there when everything shows it.
   * @param {number | null} step of a kept moment; null: the present
   */
  go(step) {
    if (step === this.past) return;
    this.past = step;
    this.#turn++; // what is under way is of the moment before
    this.#busy = this.#again = false;
    return (this.settled = this.#ask());
  }

  /** The network as it is at the moment that is shown: a checkpoint. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  save() {
    const client = /** @type {import("../../worker/client.js").TrainerClient} */ (this.#run.client);
    return this.past === null ? client.save() : client.saveAt(this.past);
  }

  async #ask() {
    const { client } = this.#run;
    if (!client) return;
    const turn = this.#turn;
    this.#busy = true;
    this.#again = false;
    try {
      const wanted = this.#complete();
      const seen = await client.look({ ...wanted, step: this.past });
      if (turn !== this.#turn) return;
      this.#busy = false;
      this.#balance -= seen.milliseconds;
      if (this.#again) this.look({ now: true });
      const refused = seen.sample?.error && wanted.sample !== this.#run.sampling;
      this.#take(refused ? { ...seen, sample: null } : seen);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#busy = false;
      this.dispatchEvent(new CustomEvent("failed", { detail: { error } }));
    }
  }

  /** What is wanted, and now and then the reach of gradients: its history is drawn when somebody asks for it. */
  #complete() {
    const wanted = this.#wanted();
    const last = this.#run.story.lags[0]?.steps.at(-1) ?? -Infinity;
    return { ...wanted, flow: wanted.flow || this.#run.at >= Math.max(last + 1, last * FLOW_GROWTH) };
  }

  /** @param {any} seen */
  #take({ step, trace, response, sample, ...rest }) {
    const { story } = this.#run;
    const profiles = trace?.flow?.length ? lagProfiles(trace) : [];
    if (profiles.length && this.past === null) story.reach(step, profiles);
    if (sample && !sample.error && this.past === null) story.write({ step, ...sample });
    const stamped = (/** @type {any} */ each) => each && { ...each, step };
    this.seen = { step, trace: stamped(trace), response: stamped(response), sample, profiles, ...rest };
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
