/**
 * What is used, and what is only felt: the loss by how much context is left to the network, over the gradient's lag
 * profile, on one axis of characters back.
 */
import { lengthUsed } from "../../core/apart/memory.js";
import { Chart } from "../parts/chart.js";
import { fitEven } from "../parts/fit.js";
import { fill, toCsv } from "../parts/format.js";
import { PictureView } from "../parts/picture.js";

/**
 * @typedef {object} ContextData
 * @property {import("../../core/apart/memory.js").ContextUse} use
 * @property {Float32Array | null} profile [lags] of the gradient, where it is known
 */

const STROKE = 22; // pixels of a line beside its name
const MARGIN = { left: 44, top: 40, right: 48, bottom: 40 };
const FELT_LOW = -4; // the profile is followed down to this power of ten of its beginning
const LEAST = 0.2; // nats that the losses' axis spans at least, so that noise is not made much of

/** @extends {PictureView<ContextData>} */
export class ContextView extends PictureView {
  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, "context");
  }

  /** @override @param {import("../parts/svg.js").Pen} pen @param {number} width @param {number} height */
  paint(pen, width, height) {
    const { use, profile } = /** @type {ContextData} */ (this.data);
    const { palette, strings: s } = this;
    const box = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: width - MARGIN.left - MARGIN.right,
      height: height - MARGIN.top - MARGIN.bottom,
    };
    const most = use.kept[use.kept.length - 1];
    const x = { low: 0, high: Math.log10(most), log: true, label: s.lagAxis };
    const ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500].filter((lag) => lag <= most);
    const losses = [...use.dropped, ...use.shuffled, use.whole].filter(Number.isFinite);
    const y = { ...fitEven([...losses, Math.min(...losses) + LEAST]), label: s.lossAxis };
    const chart = new Chart(pen, box, { x, y, palette });
    chart.axes({ x: [] });
    nameTicks(pen, chart, ticks, box, palette);
    const shuffled = { colour: palette.series.before, width: 2, dash: [5, 3] };
    const whole = { colour: palette.muted, width: 1, dash: [] };
    chart.line([1, most], [use.whole, use.whole], whole);
    chart.line(use.kept, use.shuffled, shuffled);
    chart.line(use.kept, use.dropped, { colour: palette.accent, width: 2.5 });
    chart.dots(use.kept, use.dropped, { colour: palette.accent, radius: 3 });
    if (profile) paintFelt(pen, box, x, profile.subarray(0, most + 1), this);
    // The names stand above the field: in it there is a curve wherever they might stand.
    const above = box.top - 26;
    const right = box.left + box.width - STROKE;
    stroke(pen, box.left, above, whole);
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.fillText(fill(s.whole, { loss: use.whole.toFixed(2) }), box.left + STROKE + 6, above);
    stroke(pen, right, above, shuffled);
    pen.textAlign = "right";
    pen.fillText(s.shuffled, right - 6, above);
  }

  /** @override */
  words() {
    const { use, profile } = /** @type {ContextData} */ (this.data);
    const s = this.strings;
    const used = lengthUsed(use.kept, use.dropped, use.whole);
    const ordered = lengthUsed(use.kept, use.shuffled, use.whole);
    const known = (/** @type {number} */ length) =>
      Number.isFinite(length) ? String(length) : fill(s.beyond, { most: use.kept[use.kept.length - 1] });
    const felt = profile ? profile.findIndex((size) => size < profile[0] / 100) : -1;
    return [
      fill(s.summary, { used: known(used), ordered: known(ordered), n: use.positions, whole: use.whole.toFixed(3) }),
      felt > 0 ? fill(s.felt, { felt }) : "",
    ]
      .join(" ")
      .trim();
  }

  /** @override */
  csv() {
    if (!this.data) return "";
    const { use, profile } = this.data;
    const felt = (/** @type {number} */ lag) => profile?.[lag] ?? "";
    return toCsv([
      ["context kept", "loss, rest dropped", "loss, rest shuffled", "gradient that far back"],
      ...use.kept.map((lag, i) => [lag, use.dropped[i], use.shuffled[i], felt(lag)]),
    ]);
  }
}

/**
 * A piece of a line, for its name to stand beside.
 * @param {import("../parts/svg.js").Pen} pen @param {number} x @param {number} y
 * @param {{colour: string, dash: number[], width: number}} style
 */
function stroke(pen, x, y, { colour, dash, width }) {
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + STROKE, y);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * @param {import("../parts/svg.js").Pen} pen @param {Chart} chart @param {number[]} ticks
 * @param {{ top: number, height: number }} box @param {import("../parts/colours.js").Palette} palette
 */
function nameTicks(pen, chart, ticks, { top, height }, palette) {
  pen.fillStyle = palette.muted;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const lag of ticks) pen.fillText(String(lag), chart.x(lag), top + height + 4);
}

/**
 * The gradient's lag profile, as a share of its beginning, on an axis at the right.
 * @param {import("../parts/svg.js").Pen} pen
 * @param {{ left: number, top: number, width: number, height: number }} box
 * @param {import("../parts/chart.js").Axis} x
 * @param {Float32Array} profile
 * @param {ContextView} view
 */
function paintFelt(pen, box, x, profile, { palette, strings }) {
  const felt = new Chart(pen, box, { x, y: { low: FELT_LOW, high: 0, log: true }, palette });
  const share = Float32Array.from(profile, (size) => {
    const part = size / profile[0];
    return part < 10 ** FELT_LOW ? NaN : part;
  });
  felt.line(Float32Array.from(profile.keys()).subarray(1), share.subarray(1), {
    colour: palette.series.rnn,
    width: 1.5,
  });
  pen.fillStyle = palette.series.rnn;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (let power = 0; power >= FELT_LOW; power -= 2) {
    pen.fillText(power ? `${10 ** (2 + power)}%` : "100%", box.left + box.width + 5, felt.y(10 ** power));
  }
  pen.textAlign = "right";
  pen.textBaseline = "bottom";
  pen.fillText(strings.feltAxis, box.left + box.width, box.top - 4);
}
