/**
 * From a link to a run: what stands behind "#" is read, its text is loaded or asked for, the page is laid out meanwhile,
 * and the run begins. A link that is opened while another is on its way overtakes it, and so does what else the reader
 * would learn by then.
 */
import { fill } from "./shell/dom.js";
import { frame } from "./shell/layout.js";
import { State } from "./state.js";
import { loadText } from "./text/texts.js";

/** @typedef {import("../core/errors.js").UnrolledError} UnrolledError */
/**
 * @typedef {{play?: boolean, words?: string, first?: () => Promise<boolean>}} Options
 *   words: the text, where the caller has it; first: asked whether there is something to be offered before
 */

export class Opening {
  /** Whether a run is on its way, and there is none yet. */
  pending = true;
  #page;
  #links = 0; // that were read
  #count = 0; // of them that were opened

  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * Takes a link's part behind "#" and begins to learn.
   * @param {string} hash
   * @param {Options} [options]
   */
  async open(hash, options = {}) {
    const link = ++this.#links;
    const [next, problems] = await State.of(hash);
    if (options.words !== undefined) await next.setOwnText(options.words);
    if (link === this.#links) await this.#take(next, problems, options); // else another was read meanwhile
  }

  /** @param {State} next @param {UnrolledError[]} problems what it may not say @param {Options} options */
  async #take(next, problems, { play = true, words, first = async () => false }) {
    const { state, run, moment, actions, panels, failures, assets } = this.#page;
    const turn = ++this.#count;
    const { text } = next;
    if (text.kind === "hash" && text.sha256 === run.state?.text.sha256) words ??= run.text; // it is there already
    const waits = text.kind === "hash" && words === undefined;
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
   * Another address of this page: where it says the same run, that goes on.
   * @param {string} hash
   */
  async follow(hash) {
    const { state, run, actions, panels } = this.#page;
    const link = ++this.#links;
    const [next, problems] = await State.of(hash);
    const isSame = !problems.length && next.core === state.core && (await next.runLink()) === (await state.runLink());
    if (link !== this.#links) return;
    if (!isSame) return this.#take(next, problems, {});
    const { own } = state;
    state.set(next.own);
    const differs = (/** @type {string[]} */ ...names) => names.some((name) => own[name] !== next.own[name]);
    if (differs("epochs", "patience")) await run.limit({ epochs: next.epochs, patience: next.patience });
    if (differs("prompt", "temperature"))
      await actions.resample({ prompt: next.prompt, temperature: next.temperature });
    if (differs("epochs", "patience", "prompt", "temperature", "lang", "theme")) {
      await this.#page.speak();
      await panels.build();
      this.#page.recolour();
    } else await this.#page.dock?.show(next.view);
  }

  /** One that is under way is overtaken. */
  end() {
    this.#links++;
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
