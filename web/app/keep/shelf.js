/** What is kept of runs, and shared: the page has it from the first on, the dock shows it when it is asked for. */
import { SHARE_VERSION } from "../share.js";
import { h } from "../shell/dom.js";
import { copyText } from "../shell/copy.js";
import { Keeper } from "./keep.js";

export class Shelf {
  #page;
  #keeper;
  /** What takes a run along as files; loaded when it is asked for. @type {import("./takeaway.js").TakeAway | undefined} */
  #takeAway;

  /** @param {import("../page.js").Page} page before it is built */
  constructor(page) {
    this.#page = page;
    this.#keeper = new Keeper(page);
  }

  /** Whether a saved run is to be offered before another begins. */
  offers() {
    return this.#keeper.offers();
  }

  /** Offers it. */
  offer() {
    this.#keeper.offer();
  }

  /** A dropped checkpoint. @param {File} file */
  async openFile(file) {
    const { TakeAway } = await import("./takeaway.js");
    this.#takeAway ??= new TakeAway(this.#page);
    return this.#takeAway.openFile(file);
  }

  /** @param {HTMLElement} root @param {import("./takeaway.js").TakeAway} takeAway */
  build(root, takeAway) {
    const strings = this.#page.strings.shelf;
    this.#takeAway = takeAway;
    root.append(
      h("div", { class: "shelf" }, this.#share(strings), takeAway.build(strings), this.#keeper.build(strings)),
    );
  }

  /** @param {any} strings */
  #share(strings) {
    const s = strings.share;
    const box = h("input", { type: "text", readonly: true, id: "u-share-link", "aria-label": s.link, hidden: true });
    const status = h("span", { class: "small", role: "status" });
    const copy = async () => {
      const link = new URLSearchParams(await this.#page.state.toHash());
      link.set("v", String(SHARE_VERSION));
      link.set("core", "simd"); // a replay to the last bit
      const address = new URL(location.href);
      address.hash = link.toString();
      box.hidden = false;
      box.value = address.href;
      status.textContent = (await copyText(box)) ? s.copied : s.copyFailed;
    };
    /** @type {import("./embed-dialog.js").EmbedDialog | undefined} */
    let dialog;
    const embed = async () => {
      const { EmbedDialog } = await import("./embed-dialog.js");
      if (!dialog) section.append((dialog = new EmbedDialog(this.#page, strings)).element);
      await dialog.open();
    };
    const section = h(
      "section",
      { "aria-labelledby": "u-share-title" },
      h("h3", { id: "u-share-title" }, s.title),
      h("p", { class: "small" }, s.lead),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onclick: copy }, s.copy),
        h("button", { type: "button", onclick: embed }, strings.embed.open),
        status,
      ),
      box,
    );
    return section;
  }
}
