/**
 * Saved runs: the present one is written down as it goes, the one whose place was taken when it is left; the list shows
 * what there is, and a reload is offered the last before another begins.
 */
import { flatten } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";
import { fill, h } from "../shell/dom.js";
import { thin } from "./moments.js";
import { RunStore } from "./store.js";

/** @typedef {import("./store.js").RunInfo} RunInfo */
/** @typedef {import("../run/run.js").Standing} Standing */

/** ms between two looks at whether there is something new to write. */
const INTERVAL = 5000;

export class Keeper {
  #page;
  /** @type {RunStore | null} */
  #store = null;
  #opened;
  /** What the list calls runs, and the step each was saved at, by id. @type {Map<string, {name: string, kept: boolean, step: number}>} */
  #known = new Map();
  /** The run that an earlier visit left last. @type {Promise<RunInfo | null>} */
  #newest = Promise.resolve(null);
  /** @type {Promise<any>} */
  #saving = Promise.resolve();
  #full = false;
  /** What the last saving by itself failed for: it is said once. */ #failed = "";
  /** There is room for runs, and none for their moments. */ #cramped = false;
  /** Whether anybody has asked for the list. */ #built = false;
  #list = h("div", { class: "runs scroller", tabindex: "0", role: "group" });
  #status = h("p", { class: "small", role: "status" });

  /** @param {import("../page.js").Page} page @param {Promise<RunStore | null>} [opened] */
  constructor(page, opened = RunStore.open()) {
    this.#page = page;
    this.#opened = opened;
    const { run } = page;
    run.addEventListener("left", (event) => this.#save(/** @type {CustomEvent} */ (event).detail.run));
    run.addEventListener("running", () => run.running || this.#saveIfNew());
    page.addEventListener("moment", () => this.#showPresent());
    setInterval(() => this.#saveIfNew(), INTERVAL);
    document.addEventListener("visibilitychange", () => document.hidden && this.#saveIfNew());
    addEventListener("pagehide", () => this.#saveIfNew());
  }

  get #strings() {
    return /** @type {any} */ (this.#page.strings.shelf);
  }

  /** Their section, anew in the page's language. @param {any} strings @returns {HTMLElement} */
  build(strings) {
    const s = strings.keep;
    this.#built = true;
    this.#status.textContent = "";
    this.#list.setAttribute("aria-label", s.title);
    this.#opened.then(() => this.#show()).catch((error) => this.#fail(error));
    return h(
      "section",
      { "aria-labelledby": "u-keep-title" },
      h("h3", { id: "u-keep-title" }, s.title),
      h("p", { class: "small" }, s.lead),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => this.#keep() }, s.keep)),
      this.#status,
      this.#list,
    );
  }

  /** Whether the newest run is what this address would begin anew: then it is offered first. */
  async offers() {
    this.#newest = this.#opened.then(async (store) => {
      this.#store = store;
      return ((await store?.list()) ?? [])[0] ?? null;
    });
    const newest = await this.#newest.catch(() => null); // the list tells of it
    return newest !== null && newest.link === (await this.#page.state.runLink());
  }

  /** Offers the newest run of an earlier visit, which a page may stand before it is found. */
  async offer() {
    const newest = await this.#newest.catch(() => null);
    if (!newest) return;
    const s = this.#strings.keep;
    const words = {
      step: this.#page.format.integer(newest.step),
      name: newest.name,
      loss: this.#loss(newest),
      when: this.#when(newest.saved),
    };
    this.#page.notices.show(fill(s.offer, words), {
      about: "saved",
      action: { label: s.goOn, run: () => this.#open(newest) },
    });
  }

  /** Writes the present run, unless it is as it was. */
  #saveIfNew() {
    const { run } = this.#page;
    if (run.at === 0 || run.at === this.#known.get(run.id)?.step || this.#full) return;
    return this.#queue(
      () => this.#write(),
      (error) => {
        const again = error.code === this.#failed;
        this.#failed = error.code;
        if (!again) this.#fail(error);
      },
    );
  }

  /** @param {Standing & {state?: any}} [left] the run whose place was taken; else the present one */
  #save(left) {
    return this.#queue(() => this.#write(left));
  }

  /** One change of the store at a time. @template T @param {() => Promise<T>} work @param {(error: any) => void} [fail]
   * @returns {Promise<T | void>} nothing where it failed, which is told */
  #queue(work, fail = (error) => this.#fail(error)) {
    const before = this.#saving.catch(() => {}); // what failed there was told there
    this.#saving = before.then(work).catch(fail);
    return this.#saving;
  }

  /** @param {Standing & {state?: any}} [left] @returns {Promise<boolean>} whether there was something to write */
  async #write(left) {
    this.#store = await this.#opened;
    const { state, run } = this.#page;
    const { client, text, story, id, state: said } = left ?? run; // the page may speak of another already
    if (!this.#store || !client) return false;
    const link = await state.runLink(said);
    const { step } = client.progress; // before the weights are copied: what comes later is written the next time
    const checkpoint = await client.save();
    if (!left && id !== run.id) return false; // another run began meanwhile
    const { loss } = story.history.evaluations.at(-1) ?? story.report ?? { loss: null };
    const about = { name: this.#defaultName(client, said.text), kept: false, ...this.#known.get(id), step };
    await this.#store.save(
      { id, name: about.name, kept: about.kept, cell: client.settings.cell, step, loss, link },
      { checkpoint, text: text ?? "", source: said.text, settings: flatten(client.settings), history: story.toJSON() },
    );
    this.#failed = "";
    this.#known.set(id, { ...about, ...this.#known.get(id), step }); // what it is called may be other by now
    await this.#writeMoments(client, id);
    // not under the hand of who renames or deletes
    await this.#show(() => !this.#list.contains(document.activeElement));
    return true;
  }

  /** @param {import("../../worker/client.js").TrainerClient} client @param {string} id */
  async #writeMoments(client, id) {
    if (this.#cramped) return;
    const store = /** @type {RunStore} */ (this.#store);
    const written = await store.momentSteps(id);
    const { steps } = await client.snapshots();
    const wanted = thin([...new Set([...written, ...steps])].sort((a, b) => a - b));
    const added = wanted.filter((step) => !written.includes(step));
    const read = added.map(async (step) => {
      const bytes = await client.saveAt(step).catch((error) => {
        if (error.code === "no-snapshot") return null; // thinned out meanwhile
        throw error;
      });
      return bytes && { step, bytes };
    });
    const moments = (await Promise.all(read)).filter((moment) => moment !== null);
    const gone = written.filter((step) => !wanted.includes(step));
    await store.changeMoments(id, moments, gone).catch((error) => {
      if (error.code !== "storage-full") throw error;
      this.#cramped = true; // the run itself is written on
      this.#tell(error);
    });
  }

  /** The person asks for it: the run stays until it is deleted. */
  async #keep() {
    const s = this.#strings.keep;
    const { run } = this.#page;
    if (!run.client || !run.at) return this.#say(s.tooEarly);
    const about = this.#known.get(run.id) ?? { name: this.#defaultName(run.client, run.state.text), step: -1 };
    this.#known.set(run.id, { ...about, kept: true });
    this.#full = this.#cramped = false;
    if (await this.#save()) this.#say(fill(s.kept, { name: about.name }));
  }

  /** @param {RunInfo} info */
  async #open(info) {
    try {
      await this.#page.actions.resume(async () => {
        const data = await this.#store?.load(info.id);
        if (!data) throw new UnrolledError("no-run", this.#strings.keep.gone);
        const { name, kept, step } = info; // as they were when it was offered
        this.#known.set(info.id, { name, kept, ...this.#known.get(info.id), step });
        return {
          checkpoint: data.checkpoint,
          text: data.text || undefined,
          source: data.source,
          told: data.history,
          moments: await this.#store?.moments(info.id),
          id: info.id,
        };
      });
      this.#page.notices.clear("saved");
      await this.#show();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The list as it is stored. @param {() => boolean} [may] asked once it is read, whether it may be shown */
  async #show(may = () => true) {
    if (!this.#built) return;
    this.#store = await this.#opened;
    const s = this.#strings.keep;
    const runs = (await this.#store?.list()) ?? [];
    if (!may()) return;
    if (!this.#store || !runs.length) {
      this.#list.replaceChildren(h("p", { class: "small" }, this.#store ? s.none : s.missing));
      return;
    }
    this.#list.replaceChildren(
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...[s.name, s.step, s.loss, s.size, s.saved, s.actions].map((title) => h("th", { scope: "col" }, title)),
          ),
        ),
        h("tbody", {}, ...runs.map((info) => this.#row(info))),
      ),
    );
    this.#showPresent();
  }

  /** @param {RunInfo} info */
  #row(info) {
    const s = this.#strings.keep;
    const { format } = this.#page;
    const name = h("th", { scope: "row" }, info.name);
    const { run } = this.#page;
    const present = info.id === run.id;
    const button = (/** @type {string} */ label, /** @type {() => void} */ run) =>
      h("button", { type: "button", class: "quiet", "aria-label": `${label}: ${info.name}`, onclick: run }, label);
    return h(
      "tr",
      { "data-run": info.id },
      name,
      h("td", { class: present ? "num present" : "num", "data-head": s.step }, format.integer(info.step)),
      h("td", { class: "num", "data-head": s.loss }, this.#loss(info)),
      h("td", { class: "num" }, this.#size(info.bytes)),
      h("td", {}, this.#when(info.saved)),
      h(
        "td",
        { class: "actions" },
        present ? h("span", { class: "small" }, s.current) : button(s.open, () => this.#open(info)),
        button(s.rename, () => this.#rename(info, name)),
        !present && button(s.delete, () => this.#delete(info)),
      ),
    );
  }

  /** @param {RunInfo} info @param {HTMLElement} cell */
  #rename(info, cell) {
    const s = this.#strings.keep;
    const box = h("input", {
      type: "text",
      maxlength: "80",
      value: info.name,
      "aria-label": fill(s.renameLabel, { name: info.name }),
    });
    const settle = async () => {
      const name = box.value.trim() || info.name;
      this.#known.set(info.id, { step: info.step, ...this.#known.get(info.id), name, kept: true });
      await this.#queue(async () => this.#store?.change(info.id, { name, kept: true }));
      await this.#show();
    };
    box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") settle();
      if (event.key === "Escape") this.#show();
    });
    cell.replaceChildren(box, h("button", { type: "button", class: "quiet", onclick: settle }, s.done));
    box.select();
  }

  /** @param {RunInfo} info */
  async #delete(info) {
    const s = this.#strings.keep;
    const store = /** @type {RunStore} */ (this.#store);
    const gone = await this.#queue(async () => {
      const data = await store.load(info.id);
      const moments = await store.moments(info.id);
      await store.remove(info.id);
      return { data, moments };
    });
    if (!gone) return;
    const { data, moments } = gone;
    this.#full = this.#cramped = false;
    await this.#show();
    const bringBack = async () => {
      const back = await this.#queue(async () => {
        await store.save(info, /** @type {import("./store.js").RunData} */ (data));
        await store.changeMoments(info.id, moments, []);
        return true;
      });
      if (back) this.#say("");
      await this.#show();
    };
    this.#say(fill(s.deleted, { name: info.name }), data && { label: s.undo, run: bringBack });
  }

  /** @param {string} sentence @param {{label: string, run: () => void}} [action] */
  #say(sentence, action) {
    this.#status.replaceChildren(
      sentence,
      action ? h("button", { type: "button", class: "quiet", onclick: action.run }, action.label) : "",
    );
  }

  /** @param {any} error */
  #fail(error) {
    if (!(error instanceof UnrolledError)) throw error;
    if (error.code === "disposed") return; // another run took its place meanwhile
    if (error.code === "storage-full") this.#full = true; // until there is room again, it would fail every time
    this.#tell(error);
  }

  /** @param {UnrolledError} error */
  #tell(error) {
    const words = this.#strings.errors[error.code];
    this.#page.notices.show(words ? fill(words, { size: this.#size(error.details.bytes ?? 0) }) : error.message, {
      kind: "error",
      about: "storage",
    });
  }

  /** @param {import("../../worker/client.js").TrainerClient} client @param {import("../share.js").TextSource} source */
  #defaultName({ settings: { cell, hidden } }, source) {
    return fill(this.#strings.keep.runName, {
      cell: /** @type {any} */ (this.#page.strings.cells)[cell],
      hidden,
      text: /** @type {any} */ (this.#page.strings.text)[source.kind === "sample" ? source.name : "own"],
    });
  }

  /** The present run's row is of the moment that everything shows. */
  #showPresent() {
    const cell = /** @type {HTMLElement | null} */ (this.#list.querySelector(".present"));
    if (!cell) return;
    const { step } = this.#page.moment;
    cell.textContent = this.#page.format.integer(step);
    cell.dataset.step = String(step);
  }

  /** @param {RunInfo} info */
  #loss({ loss }) {
    return loss === null ? "–" : this.#page.format.fixed(loss, 3);
  }

  /** @param {number} bytes */
  #size(bytes) {
    return `${this.#page.format.fixed(bytes / 1e6, 1)} MB`;
  }

  /** @param {number} time ms since 1970 */
  #when(time) {
    return new Intl.DateTimeFormat(this.#page.language, { dateStyle: "short", timeStyle: "short" }).format(time);
  }
}
