/**
 * Saved runs: the present one is written down as it goes, the list shows what there is, and a reload is offered the
 * last.
 */
import { flatten } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";
import { fill, h } from "../shell/dom.js";
import { RunStore } from "./store.js";

/** @typedef {import("./store.js").RunInfo} RunInfo */

/** ms between two looks at whether there is something new to write. */
const INTERVAL = 5000;

export class Keeper {
  #page;
  /** @type {RunStore | null} */
  #store = null;
  #opened = RunStore.open();
  /** The present run, as the list shows it. @type {{id: string, name: string, kept: boolean}} */
  #run = { id: newId(), name: "", kept: false };
  #savedStep = 0;
  /** @type {Promise<any>} */
  #saving = Promise.resolve();
  #full = false;
  #list = h("div", { class: "runs" });
  #status = h("p", { class: "small", role: "status" });
  /** @type {any} */
  #strings;

  /** @param {import("../page.js").Page} page */
  constructor(page) {
    this.#page = page;
    page.run.addEventListener("run", () => {
      this.#run = { id: newId(), name: "", kept: false };
      this.#savedStep = 0;
    });
    setInterval(() => this.#saveIfNew(), INTERVAL);
    document.addEventListener("visibilitychange", () => document.hidden && this.#saveIfNew());
    addEventListener("pagehide", () => this.#saveIfNew());
  }

  /** Their section, anew in the page's language. @param {any} strings @returns {HTMLElement} */
  build(strings) {
    this.#strings = strings;
    const s = strings.keep;
    this.#status.textContent = "";
    this.#opened.then(() => this.#show());
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

  /** Offers the newest saved run, once, when the page opens. */
  async offer() {
    this.#store = await this.#opened;
    const [newest] = (await this.#store?.list()) ?? [];
    if (!newest || newest.id === this.#run.id || !this.#strings) return;
    const s = this.#strings.keep;
    this.#page.notices.show(
      fill(s.offer, {
        step: this.#page.format.integer(newest.step),
        name: newest.name,
        loss: this.#loss(newest),
        when: this.#when(newest.saved),
      }),
      { about: "saved", action: { label: s.goOn, run: () => this.#open(newest) } },
    );
  }

  /** Writes the present run, unless it is as it was. */
  #saveIfNew() {
    const step = this.#page.run.client?.progress?.step ?? 0;
    if (step > 0 && step !== this.#savedStep && !this.#full) return this.#save();
  }

  /** One writing at a time; resolves when this one is done. */
  #save() {
    this.#saving = this.#saving.then(() => this.#write()).catch((error) => this.#fail(error));
    return this.#saving;
  }

  async #write() {
    this.#store = await this.#opened;
    const { run, state } = this.#page;
    const { client, text } = run;
    if (!this.#store || !client) return;
    const about = this.#run;
    about.name ||= this.#defaultName();
    const { step } = client.progress; // before the weights are copied: what comes later is written the next time
    const checkpoint = await client.save();
    if (about !== this.#run) return; // another run began meanwhile
    const { steps, losses, evaluations, stride } = run.history;
    const loss = run.evaluation?.loss ?? run.report?.loss ?? losses.at(-1) ?? null;
    await this.#store.save(
      { ...about, cell: client.settings.cell, step, loss },
      {
        checkpoint,
        text: text ?? "",
        source: state.text,
        settings: flatten(client.settings),
        history: { steps, losses, evaluations, stride },
      },
    );
    this.#savedStep = step;
    // not under the hand of who renames or deletes
    if (!this.#list.contains(document.activeElement)) await this.#show();
  }

  /** The person asks for it: the run stays until it is deleted. */
  async #keep() {
    const s = this.#strings.keep;
    if (!this.#page.run.client?.progress?.step) return this.#say(s.tooEarly);
    this.#run.kept = true;
    this.#full = false;
    await this.#save();
    if (!this.#full && this.#store) this.#say(fill(s.kept, { name: this.#run.name }));
  }

  /** @param {RunInfo} info */
  async #open(info) {
    try {
      const data = await this.#store?.load(info.id);
      if (!data) throw new UnrolledError("no-run", this.#strings.keep.gone);
      await this.#page.resume(data.checkpoint, {
        text: data.text || undefined,
        source: data.source,
        history: data.history,
      });
      this.#run = { id: info.id, name: info.name, kept: info.kept };
      this.#savedStep = info.step;
      this.#page.notices.clear("saved");
      await this.#show();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #show() {
    this.#store = await this.#opened;
    const s = this.#strings.keep;
    const runs = (await this.#store?.list()) ?? [];
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
  }

  /** @param {RunInfo} info */
  #row(info) {
    const s = this.#strings.keep;
    const { format } = this.#page;
    const name = h("th", { scope: "row" }, info.name);
    const present = info.id === this.#run.id;
    const button = (/** @type {string} */ label, /** @type {() => void} */ run) =>
      h("button", { type: "button", class: "quiet", "aria-label": `${label}: ${info.name}`, onclick: run }, label);
    return h(
      "tr",
      { "data-run": info.id },
      name,
      h("td", { class: "num" }, format.integer(info.step)),
      h("td", { class: "num" }, this.#loss(info)),
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
      if (info.id === this.#run.id) Object.assign(this.#run, { name, kept: true });
      await this.#store?.change(info.id, { name, kept: true });
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
    const data = await this.#store?.load(info.id);
    await this.#store?.remove(info.id);
    this.#full = false;
    await this.#show();
    this.#say(
      fill(s.deleted, { name: info.name }),
      data && {
        label: s.undo,
        run: async () => {
          await this.#store?.save({ ...info }, data).catch((error) => this.#fail(error));
          this.#say("");
          await this.#show();
        },
      },
    );
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
    const words = this.#strings.errors[error.code];
    if (error.code === "storage-full") this.#full = true; // until there is room again, it would fail every time
    const { bytes } = error.details;
    this.#page.notices.show(words ? fill(words, { size: bytes ? this.#size(bytes) : "" }) : error.message, {
      kind: "error",
      about: "storage",
    });
  }

  #defaultName() {
    const { strings, state, run } = this.#page;
    const { cell, hidden } = /** @type {any} */ (run.client).settings;
    return fill(this.#strings.keep.runName, {
      cell: cell.toUpperCase(),
      hidden,
      text: /** @type {any} */ (strings.text)[state.textName],
    });
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

/** Unlike crypto.randomUUID(), also there on plain http. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join("");
}
