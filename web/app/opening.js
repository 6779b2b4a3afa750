/**
 * From a link to a run: what stands behind "#" is read, its text is loaded or asked for, the page is laid out meanwhile,
 * and the run begins. A link that is opened while another is on its way overtakes it, and so does what else the reader
 * would learn by then.
 */
import { fill } from "./shell/dom.js";
import { frame } from "./shell/layout.js";
import { State } from "./state.js";
import { loadText } from "./text/texts.js";

export class Opening {
  /** Whether a run is on its way, and there is none yet. */
  pending = true;
  #page;
  #count = 0; // links that were opened

  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * Takes a link's part behind "#" and begins to learn.
   * @param {string} hash
   * @param {{play?: boolean, words?: string, first?: () => Promise<boolean>}} [options]
   *   words: the text, where the caller has it; first: asked whether there is something to be offered before
   */
  async open(hash, { play = true, words, first = async () => false } = {}) {
    const { state, run, moment, actions, panels, failures, assets } = this.#page;
    const turn = ++this.#count;
    const [next, problems] = await State.of(hash);
    const { text } = next;
    const waits = text.kind === "hash" && words === undefined;
    if (words !== undefined) await next.setOwnText(words);
    if (turn !== this.#count) return; // another link was opened meanwhile
    state.become(next);
    actions.claims.drop();
    actions.awaited = waits ? text : null;
    run.useCore(state.core);
    if (waits) {
      run.leave(); // what it has learnt is not what the page says now
      moment.forget();
    }
    run.open().catch(() => {}); // begin() tells of a failure
    const ready = this.#page.speak().then(frame);
    const begun = waits
      ? null
      : actions.claims.make(
          () =>
            Promise.all([
              words ?? (text.kind === "inline" ? text.text : loadText(/** @type {any} */ (text).name, assets)),
              first(),
              ready,
            ]),
          ([learnt, wait]) => actions.begin(learnt, play && !wait), // the rest is laid out meanwhile
        );
    begun?.catch(() => {}); // told below
    await ready;
    if (turn !== this.#count) return;
    this.pending = !waits;
    const built = panels.build();
    if (problems.length) failures.showLink(problems);
    try {
      if (begun) await begun;
      else if (text.kind === "hash" && !run.client) this.#askForText(text.bytes);
    } catch (error) {
      failures.tell(error);
    } finally {
      if (turn === this.#count) this.pending = false;
    }
    await built;
    panels.showBar();
  }

  /** Shows a run that stands already. */
  async join() {
    const turn = ++this.#count;
    this.pending = false;
    await this.#page.speak();
    await frame();
    if (turn === this.#count) await this.#page.panels.build();
  }

  /**
   * Another address of this page: where only what is looked at differs, the run goes on.
   * @param {string} hash
   */
  async follow(hash) {
    const { state, dock } = this.#page;
    const before = await state.runLink();
    const [next, problems] = await State.of(hash);
    if (problems.length || (await next.runLink()) !== before) return this.open(hash);
    state.set({ view: next.view, lesson: next.lesson, hold: next.hold });
    await dock.show(next.view);
  }

  /** One that is under way is overtaken. */
  end() {
    this.#count++;
    this.#page.actions.claims.drop();
  }

  /** @param {number} bytes of a text that the link does not carry */
  #askForText(bytes) {
    const { strings, format, actions, notices, panels } = this.#page;
    notices.show(fill(strings.notice.needText, { bytes: format.integer(bytes) }), {
      about: "text",
      action: { label: strings.notice.useSample, run: () => actions.takeSample(Object.keys(strings.text)[0]) },
    });
    panels.openSheet();
  }
}
