/**
 * Branches of a run. One is left when training goes on from an earlier moment, or when another network is looked at;
 * nothing of it is lost.
 */
import { fill } from "../shell/dom.js";

export class Branches {
  #page;
  #keep;
  /**
   * @type {{step: number, left: number, back: () => Promise<void>} | null} the one that was left, and the way back to
   * it
   */
  #left = null;

  /**
   * @param {import("../page.js").Page} page
   * @param {() => () => void} keep keeps what was seen of the training, and returns what brings it back
   */
  constructor(page, keep) {
    this.#page = page;
    this.#keep = keep;
  }

  /** Training goes on from an earlier moment. @param {number} step */
  async begin(step) {
    const { run } = this.#page;
    const left = run.client?.progress.step ?? 0;
    const back = await this.wayBack();
    await run.restore(step);
    this.#left = { step, left, back };
    this.tell();
    await run.play();
  }

  /** @returns {Promise<() => Promise<void>>} goes on with the network as it is now */
  async wayBack() {
    const { run, state } = this.#page;
    const { text } = run,
      source = state.text;
    const { stride, steps, losses, evaluations } = structuredClone(run.history);
    const bringBack = this.#keep();
    const bytes = await /** @type {import("../../worker/client.js").TrainerClient} */ (run.client).save();
    return async () => {
      const moved = state.text === source ? undefined : source;
      if (
        await this.#page.resume(bytes, {
          text: text || undefined,
          source: moved,
          history: { stride, steps, losses, evaluations },
        })
      )
        bringBack();
    };
  }

  /** That there is one to go back to. */
  tell() {
    const { notices, strings, format } = this.#page;
    if (!this.#left) return;
    const { step, left, back } = this.#left;
    notices.show(fill(strings.inside.branched, { step: format.integer(step), left: format.integer(left) }), {
      about: "branch",
      action: { label: strings.inside.branchBack, run: () => this.#page.attempt(back) },
    });
  }

  /** The run is another. */
  forget() {
    this.#left = null;
    this.#page.notices?.clear("branch");
  }
}
