/** Where a stave is drawn: its label, its handles, its canvas, and the bars that lie over all of them. */
import { element, setSlider } from "../parts/figure.js";
import { GlyphLayer } from "../parts/glyphs.js";
import { Heatmap } from "../parts/heatmap.js";
import { scaleLegend } from "../parts/legend.js";
import { addedScale } from "./held.js";
import { ADDED, rowHeight } from "./staves.js";

/** @typedef {import("../parts/columns.js").Layout} Layout */
/**
 * @typedef {object} Lane
 * @property {import("./staves.js").Stave} stave
 * @property {HTMLElement} box
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} row   the bar over one unit
 * @property {HTMLElement} rail  the handles of its units, one a row
 * @property {HTMLElement} legend of its colours
 * @property {import("./staves.js").Tools} tools
 */

const CONTEXT = 4; // columns that are seen beside the cursor

/** What the lanes lie on, with the bars over them all, and the lines that say what is under the cursor. */
export function makeStage() {
  const cursorBar = element("i", { class: "u-cursor" });
  const brushBar = element("i", { class: "u-brush", hidden: true });
  const sheet = element("div", { class: "u-stage" }, brushBar, cursorBar);
  const scroller = element("div", { class: "u-scroll", role: "slider", tabIndex: 0, "aria-valuemin": "0" }, sheet);
  setSlider(scroller, 0, 0, "");
  return {
    sheet,
    scroller,
    cursorBar,
    brushBar,
    readout: element("div", { class: "u-readout" }, element("span"), element("span"), element("span")),
  };
}

/** @param {import("./staves.js").Stave} stave @param {string} name @returns {Lane} */
export function makeLane(stave, name) {
  const canvas = element("canvas");
  const row = element("i", { class: "u-row", hidden: true });
  const legend = element("span");
  if (stave.scale) legend.append(scaleLegend(stave.scale));
  const label = element("div", { class: "u-stave-label" }, element("span", {}, name), legend);
  const rail = element(
    "div",
    { class: "u-rail", hidden: !isHeld(stave) },
    element("i"),
    element("b", { hidden: true }),
  );
  const handles = element("div", { class: "u-handles" }, rail, ...(stave === ADDED ? [addedScale()] : []));
  const box = element("div", { class: "u-stave" }, label, handles, element("div", { class: "u-lane" }, canvas, row));
  box.dataset.key = stave.key;
  return { stave, box, canvas, row, rail, legend, tools: { heatmap: new Heatmap(), glyphs: new GlyphLayer() } };
}

/** The same stave by another scale. @param {Lane} lane @param {import("./staves.js").Stave} stave */
export function rescale(lane, stave) {
  const [before, now] = [lane.stave.scale, stave.scale];
  lane.stave = stave;
  if (before?.table === now?.table && String(before?.ends) === String(now?.ends)) return;
  lane.legend.replaceChildren(...(now ? [scaleLegend(now)] : []));
}

/** Whether its units can be held: a gradient is not a value of the network's. @param {import("./staves.js").Stave} stave */
export const isHeld = ({ key, values }) => Boolean(values) && key !== "gradient";

/** What is held, as the core calls a stave's values. @param {string} key of a stave */
export const gateOf = (key) => ({ hidden: "h", cell: "c" })[key] ?? key;

/**
 * The handles, with the one that is pointed at and the one that is held.
 * @param {Lane} lane
 * @param {{row: number, count: number, held: number | "all" | null}} at row: -1 for none; held: a row, all of them or none
 */
export function placeHandles({ stave, rail }, { row, count, held }) {
  if (!isHeld(stave)) return;
  const height = rowHeight(stave.key, count);
  const [grip, lock] = /** @type {HTMLCollectionOf<HTMLElement>} */ (rail.children);
  rail.style.height = `${height * count}px`;
  rail.style.setProperty("--u-row", `${height}px`);
  grip.hidden = row < 0;
  grip.style.transform = `translateY(${row * height}px)`;
  lock.hidden = held === null || held === -1;
  lock.classList.toggle("u-every", held === "all");
  lock.style.transform = held === "all" || held === null ? "" : `translateY(${held * height}px)`;
}

/** Over columns from the first to the last. @param {HTMLElement} bar @param {Layout} layout @param {number} from @param {number} to */
export function placeBar(bar, { column, label }, from, to) {
  bar.style.width = `${(to - from + 1) * column}px`;
  bar.style.transform = `translateX(${label + from * column}px)`;
}

/** @param {Lane} lane @param {number} row -1: none @param {number} count rows */
export function placeRow({ stave, row: bar }, row, count) {
  bar.hidden = !stave.values || row < 0;
  const height = rowHeight(stave.key, count);
  bar.style.height = `${height}px`;
  bar.style.transform = `translateY(${row * height}px)`;
}

/** Scrolls until a column is seen. @param {HTMLElement} scroller @param {Layout} layout @param {number} t */
export function revealColumn(scroller, { column, label }, t) {
  const [left, right] = [t * column, label + (t + 1) * column];
  if (left < scroller.scrollLeft) scroller.scrollLeft = left - CONTEXT * column;
  else if (right > scroller.scrollLeft + scroller.clientWidth)
    scroller.scrollLeft = right - scroller.clientWidth + CONTEXT * column;
}
