/**
 * What panels that train need: a button that begins and one that calls off, a line that says how it stands, tables of
 * figures.
 */
import { unflatten } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";
import { TrainerClient } from "../../worker/client.js";
import { h } from "../shell/dom.js";
import { explain } from "../settings/explain.js";

/** @typedef {import("../page.js").Page} Page */

/**
 * @typedef {object} Work
 * @property {(sentence: string) => void} say how it stands
 * @property {AbortSignal} signal aborted when it is called off
 */

/**
 * Buttons for a piece of work, which the bar names while it is under way.
 * @param {Page} app
 * @param {{ name: string, start: string, cancel: string, cancelled: string, done: string }} strings
 * @param {(work: Work) => Promise<void>} work
 * @param {{ rests?: boolean }} [options] rests: the run, even afterwards
 */
export function makeBench(app, strings, work, { rests = false } = {}) {
  let mine = false;
  const status = h("p", { class: "work num", role: "status" });
  const start = h("button", { type: "button", onclick: () => begin() }, strings.start);
  const cancel = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => end() }, strings.cancel);
  const say = (/** @type {string} */ sentence, problem = false) => {
    status.textContent = sentence;
    status.classList.toggle("problem", problem);
  };
  const show = (/** @type {boolean} */ busy) => {
    start.disabled = busy;
    cancel.hidden = !busy;
  };

  function end() {
    if (mine) app.work.stop();
  }

  async function begin() {
    show(true);
    try {
      if (rests && app.run.running) await app.run.pause();
      mine = true;
      await app.work.do(strings.name, async ({ signal, say: sayInBar }) => {
        const both = (/** @type {string} */ sentence) => {
          say(sentence);
          sayInBar(sentence);
        };
        try {
          signal.throwIfAborted(); // while it waited for the run
          await work({ say: both, signal });
          if (strings.done) say(strings.done);
        } catch (error) {
          if (signal.aborted) say(strings.cancelled);
          else if (error instanceof UnrolledError) say(explain(app.tokenStrings, error, app.format), true);
          else throw error;
        }
      });
    } finally {
      mine = false;
      show(false);
    }
  }

  return {
    element: h("div", {}, h("div", { class: "buttons" }, start, cancel), status),
    begin,
    end,
    say,
  };
}

/**
 * Trains a network of its own, in a worker of its own, to the end of its course.
 * @param {Page} app
 * @param {object} options
 * @param {Record<string, any>} options.settings flat
 * @param {string} options.text
 * @param {(windows: number) => Partial<import("../../core/fit.js").Course>} options.course given the windows of an
 * epoch
 * @param {AbortSignal} options.signal
 * @param {(measure: import("../../core/fit.js").Measure, windows: number) => void} options.tell
 * @param {(client: TrainerClient) => Promise<any>} [options.after] asked of the network before it goes
 */
export async function trainAside(app, { settings, text, course, signal, tell, after }) {
  const client = await TrainerClient.create(
    { ...unflatten(settings), text },
    { ...app.run.workerOptions, snapshotBudget: 0 },
  );
  try {
    signal.throwIfAborted();
    const { windows } = client;
    await new Promise((done, fail) => {
      const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
        client.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
      signal.addEventListener("abort", () => fail(signal.reason), { once: true });
      on("evaluation", (measure) => tell(measure, windows));
      on("stopped", ({ error }) => (error ? fail(error) : done(undefined)));
      on("crashed", ({ error }) => fail(error));
      client.run({ early: false, ...course(windows) }).catch(fail);
    });
    return await after?.(client);
  } finally {
    client.dispose();
  }
}

/**
 * A table that fills as figures come.
 * @param {string} caption
 * @param {string[]} heads
 * @param {{ silent?: boolean }} [options] silent: the caption is for those who do not see it
 */
export function makeTable(caption, heads, { silent = false } = {}) {
  const body = h("tbody");
  const element = h(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": caption, hidden: true },
    h(
      "table",
      { class: "figures" },
      h("caption", { class: silent && "sr" }, caption),
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      body,
    ),
  );
  return {
    element,
    clear() {
      element.hidden = true;
      body.replaceChildren();
    },
    /** @param {string[]} cells the first names the row @returns {HTMLElement} */
    row([name, ...cells]) {
      const row = h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell)));
      body.append(row);
      element.hidden = false;
      return row;
    },
  };
}

/** A labelled field. @param {string} label @param {HTMLElement} input @param {{ tick?: boolean }} [options] */
export const field = (label, input, { tick = false } = {}) =>
  tick ? h("label", { class: "tick" }, input, label) : h("label", {}, label, input);

/**
 * @param {readonly string[]} values
 * @param {Record<string, string>} words
 * @param {string} chosen
 * @param {(value: string) => void} change
 */
export function select(values, words, chosen, change) {
  const element = h(
    "select",
    { onchange: () => change(element.value) },
    ...values.map((value) => h("option", { value, selected: value === chosen }, words[value])),
  );
  return element;
}
