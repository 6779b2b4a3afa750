/** The data of the pictures: pixels, colours, numbers and files, as far as they need no page. */
import test from "node:test";
import assert from "node:assert/strict";
import { cssColour, isDarkPaper, makePalette, ramp, readPalette } from "../../web/views/parts/colours.js";
import { ContextView } from "../../web/views/apart/context.js";
import apartWords from "../../web/app/strings/en/apart.js";
import { Chart, tickText, ticksOf } from "../../web/views/parts/chart.js";
import { decadesOf, fitEven, fitPowers, fitScales } from "../../web/views/parts/fit.js";
import { fill, magnitude, percent, signed, toCsv, visible, sentences } from "../../web/views/parts/format.js";
import { colourOf, makeScales, paintFlow, paintUnits } from "../../web/views/parts/heatmap.js";
import { stavesOf } from "../../web/views/score/staves.js";
import { SvgPen } from "../../web/views/parts/svg.js";
import { inSteps } from "../../web/views/figures/lagcharts.js";

const PALETTES = { light: makePalette(false), dark: makePalette(true) };
const scales = makeScales(PALETTES.light);

test("a stave's pixel at (unit, character) is the colour of its value", () => {
  const [T, H] = [5, 4];
  const values = Float32Array.from({ length: 2 * T * H }, (_, i) => Math.sin(i * 1.7)); // two layers
  const rows = Int32Array.of(3, 0, 2);
  for (const layer of [0, 1]) {
    const pixels = new Uint32Array(rows.length * T);
    paintUnits(pixels, values, scales.hidden, { T, H, rows, layer });
    rows.forEach((unit, row) => {
      for (let t = 0; t < T; t++)
        assert.equal(
          pixels[row * T + t],
          colourOf(scales.hidden, values[(layer * T + t) * H + unit]),
          `layer ${layer} unit ${unit} t ${t}`,
        );
    });
  }
});

test("a paper is dark or light in every way a style is told of it, or not seen", () => {
  for (const dark of [
    "rgb(17, 19, 22)",
    "oklch(0.21 0.006 285.9)",
    "lab(9.1 0.1 -2)",
    "color(display-p3 0.1 0.1 0.12)",
    "oklch(0.2 0 none)",
    "oklch(none 0 0)",
  ])
    assert.equal(isDarkPaper(dark), true, dark);
  for (const light of ["rgb(253, 252, 250)", "oklab(0.98 0 0)", "lch(97 1 none)", "color(srgb 1 0.99 0.98 / 0.9)"])
    assert.equal(isDarkPaper(light), false, light);
  for (const none of ["rgba(0, 0, 0, 0)", "oklch(0.2 0 0 / 0)", "", "transparent"])
    assert.equal(isDarkPaper(none), null, none);
});

test("the colours of a place are read in one look, and those it has not are the theme's", (t) => {
  const said = { paper: "rgb(17, 19, 22)", ink: "rgb(0, 80, 0)", rule: "oklch(0.5 0.1 20)" };
  let looks = 0;
  const style = /** @type {Record<string, string>} */ ({});
  const probe = { style, remove() {} };
  const place = { ownerDocument: { createElement: () => probe }, append() {} };
  const compute = () => {
    looks++;
    return Object.fromEntries(
      Object.entries(style).map(([name, value]) => [name, said[/--u-(\w+)/.exec(value)[1]] ?? "rgba(0, 0, 0, 0)"]),
    );
  };
  Object.assign(globalThis, { getComputedStyle: compute });
  t.after(() => delete (/** @type {any} */ (globalThis).getComputedStyle));
  const palette = readPalette(/** @type {any} */ (place));
  assert.equal(looks, 1);
  assert.deepEqual([palette.paper, palette.ink, palette.rule, palette.dark], [said.paper, said.ink, said.rule, true]);
  assert.deepEqual([palette.accent, palette.muted], [PALETTES.dark.accent, PALETTES.dark.muted]);
});

test("a scale runs from its low end to its high end, and values past them take the ends' colours", () => {
  const { table } = scales.hidden;
  assert.equal(colourOf(scales.hidden, -1), table[0]);
  assert.equal(colourOf(scales.hidden, 0), table[128]);
  assert.equal(colourOf(scales.hidden, 1), table[255]);
  assert.equal(colourOf(scales.hidden, 7), table[255]);
  assert.equal(colourOf(scales.hidden, -7), table[0]);
  assert.equal(colourOf(scales.gate, 0.5), scales.gate.table[128]);
});

test("a cell state keeps its colour's meaning from small values to a hundred, on both sides", () => {
  const { table } = scales.cell;
  assert.equal(colourOf(scales.cell, 0), table[128]);
  assert.deepEqual(
    [-100, 100, 500].map((c) => colourOf(scales.cell, c)),
    [table[0], table[255], table[255]],
  );
  const places = [0.5, 1, 2, 5, 20, 60].map((c) => table.indexOf(colourOf(scales.cell, c)));
  for (let i = 1; i < places.length; i++) assert.ok(places[i] >= places[i - 1] + 10, `${places}`);
});

test("gradients share one absolute log scale whatever their sign", () => {
  const { table } = scales.gradient;
  assert.equal(colourOf(scales.gradient, 1e-8), table[0]);
  assert.equal(colourOf(scales.gradient, 0), table[0]);
  assert.equal(colourOf(scales.gradient, 1e-3), table[128]);
  assert.equal(colourOf(scales.gradient, -1e-3), table[128]);
  assert.equal(colourOf(scales.gradient, 1e2), table[255]);
  assert.equal(colourOf(scales.gradient, 1e9), table[255]);
});

test("the triangle holds |d loss_t / d h_(t-k)| at row k, column t, and is clear where there is none", () => {
  const T = 4;
  const flow = new Float32Array(2 * T * T);
  for (let t = 0; t < T - 1; t++) for (let s = 0; s <= t; s++) flow[T * T + t * T + s] = 10 ** (s - t);
  const pixels = new Uint32Array(T * T);
  paintFlow(pixels, flow, scales.gradient, { T, lags: T, layer: 1 });
  for (let k = 0; k < T; k++) {
    for (let t = 0; t < T; t++) {
      const want = t < T - 1 && k <= t ? colourOf(scales.gradient, 10 ** -k) : 0;
      assert.equal(pixels[k * T + t], want, `lag ${k} column ${t}`);
    }
  }
});

/**
 * What a dichromat sees of a colour: Viénot, Brettel and Mollon's 1999 projections for red-blind and green-blind eyes,
 * linear RGB.
 */
const BLIND = {
  protan: [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1],
  deutan: [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1],
};
const linear = (/** @type {number} */ byte) => (byte / 255) ** 2.2;
const channels = (/** @type {number} */ pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
const seen = (/** @type {number} */ pixel, /** @type {number[]} */ m) => {
  const [r, g, b] = channels(pixel).map(linear);
  return [0, 3, 6].map((i) => Math.max(0, m[i] * r + m[i + 1] * g + m[i + 2] * b) ** (1 / 2.2));
};
const lightness = (/** @type {number} */ pixel) => {
  const [r, g, b] = channels(pixel).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

for (const [theme, palette] of Object.entries(PALETTES)) {
  const sign = theme === "dark" ? 1 : -1;

  test(`the one-way scales of the ${theme} theme get steadily ${theme === "dark" ? "lighter" : "darker"}`, () => {
    for (const name of /** @type {const} */ (["sequential", "gradient"])) {
      for (let i = 8; i < 256; i += 8) {
        const step = sign * (lightness(palette[name][i]) - lightness(palette[name][i - 8]));
        assert.ok(step > 0, `${name} at ${i}: ${step}`);
      }
    }
  });

  test(`the two-way scale of the ${theme} theme leaves the paper steadily on both sides`, () => {
    for (let i = 8; i <= 120; i += 8) {
      const at = (/** @type {number} */ d) => sign * lightness(palette.diverging[Math.round(127.5 + d)]);
      assert.ok(at(i) > at(i - 8), `up at ${i}`);
      assert.ok(at(-i) > at(8 - i), `down at ${i}`);
    }
  });

  test(`the curves of the three cells are told apart in the ${theme} theme, by red-blind and green-blind eyes too`, () => {
    const pixel = (/** @type {string} */ hex) =>
      [1, 3, 5].reduce((sum, at, c) => sum + (parseInt(hex.slice(at, at + 2), 16) << (8 * c)), 0);
    const cells = ["rnn", "lstm", "gru"].map((cell) => pixel(palette.series[cell]));
    for (const [kind, matrix] of Object.entries({ ...BLIND, none: [1, 0, 0, 0, 1, 0, 0, 0, 1] })) {
      const [a, b, c] = cells.map((each) => seen(each, matrix));
      for (const [x, y] of [
        [a, b],
        [a, c],
        [b, c],
      ]) {
        const distance = Math.hypot(...x.map((v, i) => v - y[i]));
        assert.ok(distance > 0.4, `${kind}: ${distance.toFixed(3)}`);
      }
    }
  });

  test(`minus and plus are told apart in the ${theme} theme by red-blind and green-blind eyes`, () => {
    for (const [kind, matrix] of Object.entries(BLIND)) {
      for (const [i, j] of [
        [0, 255],
        [43, 212],
        [85, 170],
      ]) {
        const [a, b] = [seen(palette.diverging[i], matrix), seen(palette.diverging[j], matrix)];
        const distance = Math.hypot(...a.map((x, c) => x - b[c]));
        assert.ok(distance > 0.15, `${kind} ${i} ${j}: ${distance.toFixed(3)}`);
      }
    }
  });
}

test("a ramp begins and ends at its stops", () => {
  const table = ramp(["#102030", "#ffffff", "#c0ffee"]);
  assert.equal(cssColour(table[0]), "rgb(16,32,48)");
  assert.equal(cssColour(table[255]), "rgb(192,255,238)");
});

test("numbers are written as people read them", () => {
  assert.equal(signed(-0.0716), "−0.072");
  assert.equal(signed(0.5), "+0.500");
  assert.equal(magnitude(0.0000321), "3.2·10⁻⁵");
  assert.equal(magnitude(-0.0314), "−0.0314");
  assert.equal(magnitude(12345678), "1.2·10⁷");
  assert.equal(magnitude(3.14159), "3.14");
  assert.equal(magnitude(Infinity), "∞");
  assert.equal(magnitude(NaN), "NaN");
  assert.equal(percent(0.123), "12%");
  assert.equal(percent(0.0123), "1.2%");
  assert.deepEqual([percent(0), percent(0.0004), percent(0.0005)], ["0%", "<0.1%", "0.1%"]);
  assert.equal(visible("a b\n\u0007"), "a␣b↵□");
  assert.equal(fill("{a} and {b}, {c}", { a: 1, b: "x" }), "1 and x, {c}");
});

test("what runs from right to left stands in a sentence in its own order, and turns nothing around it", () => {
  assert.equal(fill("{t}: {token} → {next}", { t: 5, token: "ש", next: "ל" }), "5: \u2068ש\u2069 → \u2068ל\u2069");
  assert.equal(fill("{t}: {token}", { t: 5, token: "é鲸" }), "5: é鲸");
  assert.equal(fill("{token}", { token: "\u{1e900}" }), "\u2068\u{1e900}\u2069", "Adlam");
  assert.equal(visible("a\u202eb\u2067"), "a□b□", "what turns the direction by itself is shown, and does not");
});

test("sentences stand one after another, those of Chinese without a space between", () => {
  assert.equal(sentences("It is so.", "", "It is 2: done."), "It is so. It is 2: done.");
  assert.equal(sentences("是 0.5。", "RNN（tanh） 的损失"), "是 0.5。RNN（tanh）的损失");
});

test("CSV quotes what needs it", () => {
  assert.equal(
    toCsv([
      ["token", "value"],
      [",", 1],
      ['"', 2],
      ["\n", 3],
    ]),
    'token,value\r\n",",1\r\n"""",2\r\n"\n",3\r\n',
  );
});

test("ticks are round numbers inside the axis, or powers of ten", () => {
  assert.deepEqual(ticksOf({ low: 0, high: 430 }), [0, 100, 200, 300, 400]);
  assert.deepEqual(ticksOf({ low: -2, high: 2, log: true }), [0.01, 0.1, 1, 10, 100]);
});

test("what stands at a tick is written as numbers are elsewhere, and stays in the picture", () => {
  const at = (/** @type {number} */ value) => tickText({ low: 0, high: 1 }, value);
  assert.deepEqual([-2, 0.5, 800, 6000, 10000, 400000, 1.5e6].map(at), [
    "−2",
    "0.5",
    "800",
    "6,000",
    "10,000",
    "400k",
    "1,500k",
  ]);
  const pen = new SvgPen();
  const box = { left: 44, top: 20, width: 287, height: 200 }; // 12 pixels are left beside it
  const palette = makePalette(false);
  new Chart(pen, box, { x: { low: 0, high: 10000 }, y: { low: 0, high: 5 }, palette }).axes();
  const [, x] = /** @type {string[]} */ (/<text x="([\d.]+)"[^>]*>10,000</.exec(pen.document(343, 260, "t")));
  assert.ok(Number(x) + 3.2 * "10,000".length <= 343, `its middle is at ${x}`);
});

test("a rule's name stands on paper, above its line", () => {
  const pen = new SvgPen();
  const box = { left: 0, top: 0, width: 300, height: 100 };
  const [x, y] = [0, 1].map(() => ({ low: 0, high: 1 }));
  new Chart(pen, box, { x, y, palette: makePalette(false) }).ruleY(0.5, "全部 1.2", { colour: "#123" });
  const svg = pen.document(300, 100, "t");
  const paper = /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"[^>]*opacity/.exec(svg);
  const [left, top, width, height] = /** @type {string[]} */ (paper).slice(1).map(Number);
  const [, textX, textY] = /** @type {string[]} */ (/<text x="(\d+)" y="(\d+)"/.exec(svg)).map(Number);
  assert.ok(width >= 2 * 11 + 4 * 6, `Chinese signs are wider: ${width}`);
  assert.deepEqual([left + width, textX], [298, 296], "at the right end of the field");
  assert.ok(top + height <= 50 && textY < 50, `${top} + ${height}, ${textY}`);
});

/** What the context figure draws: its labels, and the ends of its lines. @param {any} use @param {Float32Array} profile */
function contextPicture(use, profile) {
  const pen = new SvgPen();
  const view = Object.assign(Object.create(ContextView.prototype), {
    data: { use, profile },
    palette: makePalette(false),
    strings: apartWords.context,
  });
  view.paint(pen, 358, 260);
  return pen.document(358, 260, "t");
}

test("the losses by context fill their axis, and the gradient ends with the context that was measured", () => {
  const use = {
    kept: [1, 2, 4, 8],
    dropped: [2.9, 2.7, 2.61, 2.6],
    shuffled: [2.62, 2.61, 2.6, 2.6],
    whole: 2.6,
    positions: 64,
  };
  const svg = contextPicture(
    use,
    Float32Array.from({ length: 40 }, (_, lag) => 0.9 ** lag),
  );
  const named = [...svg.matchAll(/>(\d\.\d+)<\/text>/g)].map(([, text]) => Number(text));
  assert.ok(Math.min(...named) > 2.5 && Math.max(...named) < 3 && named.length >= 3, `ticks ${named}`);
  assert.match(svg, />with everything: 2\.60</);
  assert.match(svg, />rest shuffled</);
  const right = 358 - 48;
  const lines = [...svg.matchAll(/ d="([^"]*)"/g)].map(([, d]) =>
    [...d.matchAll(/[ML]([\d.]+)/g)].map(([, x]) => Number(x)),
  );
  for (const xs of lines)
    assert.ok(xs.filter((x) => x === right).length <= Math.max(1, xs.length / 2), `an upright at the edge: ${xs}`);
});

test("a key names its lines in their order, above the axis's name and inside a phone's width", () => {
  const pen = new SvgPen();
  const axis = { low: 0, high: 1 };
  const field = { left: 44, top: 34, width: 217, height: 100 }; // of a page 320 pixels wide
  const chart = new Chart(pen, field, { x: axis, y: { ...axis, label: "norm" }, palette: makePalette(false) });
  chart.axes({ x: [], y: [] });
  chart.key(["before", "after", "the twin"].map((text) => ({ text, colour: "#123" })));
  const texts = [...pen.document(273, 200, "").matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)/g)];
  assert.deepEqual(
    texts.map(([, , y, text]) => [Number(y), text]),
    [
      [30, "norm"],
      [16, "before"],
      [16, "after"],
      [16, "the twin"],
    ],
  );
  const [x, widest] = [Number(texts[3][1]), 6 * "the twin".length];
  assert.ok(x + widest <= 273, `${x} + ${widest}`);
});

test("text in a saved SVG stays text, whatever it says", () => {
  const pen = new SvgPen();
  pen.fillText("</text><script>alert(1)</script>&\u0000", 1, 2);
  const svg = pen.document(10, 10, "<title>");
  assert.ok(!svg.includes("<script"), svg);
  assert.ok(!svg.includes("\u0000"), svg);
  assert.ok(svg.includes("&#60;/text&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;"), svg);
});

test("the SVG pen places what is drawn after a translation, and forgets it on restore", () => {
  const pen = new SvgPen();
  pen.save();
  pen.translate(10, 20);
  pen.fillStyle = "rgb(1,2,3)";
  pen.fillRect(1, 2, 3, 4);
  pen.restore();
  pen.fillRect(1, 2, 3, 4);
  const svg = pen.document(50, 50, "t");
  assert.ok(svg.includes('<rect x="11" y="22" width="3" height="4" fill="rgb(1,2,3)"/>'), svg);
  assert.ok(svg.includes('<rect x="1" y="2" width="3" height="4" fill="#000"/>'), svg);
});

test("a fitted scale holds what is shown, in round numbers, and says where it is not even", () => {
  const palette = makePalette(false);
  const of = (/** @type {number} */ most) => fitScales(palette, { cell: Float32Array.of(-most, 0.1, 0) }).cell;
  assert.deepEqual(of(1.7).ends, ["−2", "2"]);
  assert.equal(of(1.7).curve, undefined, "it is even");
  assert.deepEqual(of(31).ends, ["−50", "50"]);
  assert.equal(of(31).curve, "asinh");
  assert.equal(colourOf(of(31), 50), palette.diverging[255]);
  const { gradient } = fitScales(palette, { hiddenGrad: Float32Array.of(0, 0.03, -0.4, 0.002) });
  assert.deepEqual([gradient.low, gradient.high, gradient.ends], [-3, 0, ["10⁻³", "10⁰"]]);
  const { cell, gradient: fixed } = fitScales(palette, {});
  assert.deepEqual([cell.ends, fixed.low, fixed.high], [["−100", "100"], -8, 2], "nothing to fit");
});

test("networks beside each other are drawn by one scale that fits them all", () => {
  const palette = makePalette(false);
  const trace = (/** @type {number} */ most) => ({
    gates: {},
    hiddenGrad: Float32Array.of(0.8 * most, 0.2 * most),
    flow: Float32Array.of(0.8 * most, 0.2 * most),
  });
  const [small, large] = [trace(1e-3), trace(1)];
  const both = Float32Array.of(...small.flow, ...large.flow);
  const ends = (/** @type {any} */ of, /** @type {any} */ how) =>
    stavesOf(of, palette, how).flatMap(({ key, scale }) => (/text|gradient/.test(key) ? [scale?.ends] : []));
  const fitted = ["10⁻⁴", "10⁰"];
  for (const each of [small, large])
    assert.deepEqual(ends(each, { fit: { hiddenGrad: both, flow: both } }), [fitted, fitted]);
  assert.deepEqual(ends(small, {})[1], ["10⁻⁵", "10⁻³"], "its own");
  assert.deepEqual(ends(small, { fixed: true })[1], ["10⁻⁸", "10²"]);
});

test("a fitted axis leaves no decade empty, and the fixed one is the same for all", () => {
  assert.deepEqual(fitPowers([0.23, 1.08, 5]), { low: -1, high: 1, log: true });
  assert.deepEqual(fitPowers([2, 3]), { low: 0, high: 1, log: true });
  assert.deepEqual(fitPowers([]), { low: 0, high: 1, log: true });
  const { low, high } = fitEven([2.21, 4.3]);
  assert.ok(low <= 2.21 && low > 0 && high >= 4.3 && high < 6, `${low} to ${high}`);
  assert.deepEqual(fitEven([]), { low: 0, high: 1 });
  assert.deepEqual(decadesOf([1e-20, 5]), [-8, 1]);
});

test("a reach stands from one look to the next, as the colours do", () => {
  const far = Float32Array.of(1, 0.5, 0.2, 0.02, 0.001);
  const near = Float32Array.of(1, 0.005, 0.001, 0.001, 0.001);
  assert.deepEqual(inSteps([10, 40], [near, far], 100, 5), [
    [10, 40, 40, 100],
    [1, 1, 4, 4],
  ]);
});
