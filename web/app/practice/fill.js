/** A text with holes, filled in four ways, one of them by the network as it is now. */
import { UnrolledError } from "../../core/errors.js";
import { METHODS } from "../../core/inside/fill.js";
import { nameToken } from "../../core/text/signs.js";
import { sentences } from "../../views/parts/format.js";
import { TrainerClient } from "../../worker/client.js";
import { field, makeBench, makeTable, select } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import { heldBackPiece } from "../text/heldback.js";
import { learnable } from "./machine.js";
import en from "../strings/en/fill.js";
import zh from "../strings/zh/fill.js";

/** @typedef {import("../../core/inside/fill.js").Fillings} Fillings */

/** Characters of the passage that stands there first, and that are taken at most. */
const PASSAGE = 600;
const MOST = 20_000;

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const { integer, fixed, percent } = app.format;
  let mode = "share",
    method = "beam";
  /** @type {Fillings | null} */
  let result = null;
  /** Characters of the text that the network does not know. @type {readonly string[]} */
  let strange = [];
  const text = h("textarea", {
    dir: "auto",
    rows: "6",
    maxlength: String(MOST),
    spellcheck: "false",
    "aria-label": strings.text,
  });
  const share = h("input", { type: "number", min: "0.01", max: "0.9", step: "0.01", value: "0.1" });
  const seed = h("input", { type: "number", min: "0", step: "1", value: "1" });
  const mark = h("input", { type: "text", maxlength: "8", value: "_", autocomplete: "off" });
  const shareFields = [field(strings.share, share), field(strings.seed, seed)],
    markFields = [field(strings.mark, mark)];
  const showMode = () => {
    for (const element of shareFields) element.hidden = mode !== "share";
    for (const element of markFields) element.hidden = mode !== "mark";
    text.placeholder = mode === "mark" ? strings.markHint : "";
  };
  const choices = [
    select(["share", "mark"], strings.modes, mode, (name) => {
      mode = name;
      showMode();
    }),
    select([...METHODS], strings.methods, method, (name) => {
      method = name;
      showText();
    }),
  ];
  const table = makeTable(strings.caption, strings.heads);
  const whole = h("p", { class: "writing filled", tabindex: "0", role: "group", "aria-label": strings.result });
  const legend = h("p", { class: "small" });
  const shown = h(
    "div",
    { hidden: true },
    h("div", { class: "fields" }, field(strings.show, choices[1])),
    whole,
    legend,
  );

  function showText() {
    if (!result) return;
    const { known, places, truth, fillings } = result;
    const { picks } = /** @type {import("../../core/inside/fill.js").Filling} */ (
      fillings.find((filling) => filling.method === method)
    );
    const hole = new Map(places.map((place, k) => [place, k]));
    whole.replaceChildren(
      ...known.map((token, i) => {
        const k = hole.get(i);
        if (k === undefined) return token;
        if (!picks.length) return h("span", { class: "hole" }, strings.gone);
        const right = truth && picks[k] === truth[k];
        const title = truth
          ? fill(right ? strings.right : strings.wrong, { pick: picks[k], truth: truth[k] })
          : undefined;
        return h("span", { class: truth ? (right ? "hole right" : "hole wrong") : "hole", title }, picks[k]);
      }),
    );
    legend.textContent = sentences(
      truth ? strings.legend : strings.legendUnknown,
      ...(strange.length ? [fill(strings.strange, { tokens: strange.map(nameToken).join(" ") })] : []),
    );
  }

  /** @param {Fillings} found */
  function show(found) {
    result = found;
    const { holes, truth, truthLoss, fillings } = found;
    const most = Math.max(...fillings.map(({ right }) => right ?? -1));
    table.clear();
    for (const { method: name, right, loss } of fillings) {
      const row = table.row([
        strings.methods[name],
        right === null ? "–" : fill(strings.of, { right: integer(right), holes: integer(holes) }),
        right === null ? "–" : percent(right / holes),
        fixed(loss, 3),
      ]);
      row.classList.toggle("best", right !== null && right === most);
    }
    if (truth && truthLoss !== null)
      table.row([
        strings.truth,
        fill(strings.of, { right: integer(holes), holes: integer(holes) }),
        percent(1),
        fixed(truthLoss, 3),
      ]);
    shown.hidden = table.element.hidden = false;
    showText();
  }

  const bench = makeBench(app, strings, async ({ say, signal }) => {
    const { client } = app.run;
    if (!client) return void learnable(app);
    const { step } = app.moment;
    say(fill(strings.working, { step: integer(step) }));
    // A copy of the network, in a worker that can be called off.
    const copy = await TrainerClient.load(await app.moment.save(), {}, { ...app.run.workerOptions, snapshotBudget: 0 });
    try {
      signal.throwIfAborted();
      const called = new Promise((_, fail) =>
        signal.addEventListener("abort", () => fail(signal.reason), { once: true }),
      );
      const wanted = {
        text: text.value,
        ...(mode === "mark"
          ? { mark: mark.value }
          : { share: Number(share.value), seed: Math.max(0, Math.floor(Number(seed.value))) }),
      };
      const found = await Promise.race([fillKnown(copy, wanted), called]);
      strange = found.strange;
      show(found.fillings);
    } finally {
      copy.dispose();
    }
  });

  let given = "";
  const origin = h("p", { class: "prose" });
  const renew = () => {
    if (text.value !== given) return; // the user's own stays
    const found = passage(app);
    text.value = given = found.text;
    origin.textContent = found.isHeldBack ? strings.heldBack : strings.learnt;
    tellOrigin();
  };
  const tellOrigin = () => void (origin.hidden = !given || text.value !== given);
  text.addEventListener("input", tellOrigin);
  renew();
  app.run.addEventListener("run", renew);
  table.element.hidden = true;
  showMode();
  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, paragraph)),
    origin,
    text,
    h("div", { class: "fields" }, field(strings.mode, choices[0]), ...shareFields, ...markFields),
    bench.element,
    table.element,
    shown,
  );
  return {
    close() {
      bench.end();
      app.run.removeEventListener("run", renew);
    },
  };
}

/**
 * Fills what the network knows of a text, and tells what it does not know.
 * @param {TrainerClient} client @param {Parameters<TrainerClient["fillings"]>[0]} wanted
 * @returns {Promise<{fillings: Fillings, strange: readonly string[]}>}
 */
async function fillKnown(client, wanted) {
  try {
    return { fillings: await client.fillings(wanted), strange: [] };
  } catch (error) {
    if (!(error instanceof UnrolledError) || error.code !== "unknown-token") throw error;
    const fillings = await client.fillings({ ...wanted, unknown: "drop" }).catch(() => {
      throw error;
    }); // too little is left
    return { fillings, strange: error.details.tokens };
  }
}

/**
 * A passage that the network does not learn from, where so much is held back.
 * @param {import("../page.js").Page} app
 */
function passage({ run: { text, client } }) {
  if (!client) return { text: "", isHeldBack: false };
  const { from, isHeldBack } = heldBackPiece(text, client, PASSAGE);
  return { text: [...text.slice(from, from + 2 * PASSAGE)].slice(0, PASSAGE).join(""), isHeldBack };
}
