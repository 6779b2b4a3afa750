/** The first picture of attention: what is looked at, where its bands run, and what is painted of a trace. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, loadCore } from "../../web/core/index.js";
import { workBlock } from "../../web/core/inside/workedblock.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { headColours } from "../../web/views/unrolled/attention/heads.js";
import { makeScales } from "../../web/views/parts/heatmap.js";
import { SvgPen } from "../../web/views/parts/svg.js";
import { strongest, weightsOf } from "../../web/core/inside/weights.js";
import { bandsOf, layOut, looksOf } from "../../web/views/unrolled/attention/lanes.js";
import { paintAttention } from "../../web/views/unrolled/attention/paint.js";
import { COLUMNS, placeAt } from "../../web/views/unrolled/geometry.js";
import { paintUnrolled } from "../../web/views/unrolled/paint.js";
import { feltBack, sceneOf } from "../../web/views/unrolled/scene.js";

const text = "the cat sat on the mat and the rat ran. ".repeat(20);
const trainer = new Trainer(await loadCore({ variant: "simd" }), {
  text,
  cell: "attention",
  hidden: 24,
  heads: 3,
  layers: 2,
  batch: 4,
  seqLen: 16,
  learningRate: 0.01,
  seed: 3,
});
trainer.step(40);
const trace = trainer.probe("the rat sat on a");
const parameters = trainer.parameters();
trainer.dispose();
const { L, T, H } = trace.sizes;
const attention = /** @type {Float32Array} */ (trace.attention);
const scene = sceneOf(trace);
const heads = 3;
const near = (/** @type {number} */ got, /** @type {number} */ want, /** @type {string} */ what, most = 2e-5) =>
  assert.ok(Math.abs(got - want) < most, `${what}: got ${got}, want ${want}`);

test("a block that is worked out has the attention and the stream that the core computed", () => {
  const norm = (/** @type {Float32Array} */ x, /** @type {string} */ name) => {
    const mean = x.reduce((a, b) => a + b) / H;
    const scale = 1 / Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / H + 1e-5);
    return x.map((each, j) => (each - mean) * scale * parameters[`${name}.weight`][j] + parameters[`${name}.bias`][j]);
  };
  const linear = (/** @type {Float32Array} */ x, /** @type {string} */ name) =>
    parameters[`${name}.bias`].map((b, i) =>
      x.reduce((sum, each, j) => sum + parameters[`${name}.weight`][i * x.length + j] * each, b),
    );
  const gelu = (/** @type {number} */ x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  for (let layer = 0; layer < L; layer++) {
    for (const t of [0, 1, T - 1]) {
      const { scores, middle, entering, token } = workBlock(trace, parameters, { t, layer });
      assert.equal(scores.length, heads);
      scores.forEach((row, head) => {
        const all = row.reduce((sum, x) => sum + Math.exp(x), 0);
        row.forEach((x, s) => {
          near(Math.exp(x) / all, attention[((layer * heads + head) * T + t) * T + s], `${layer} ${head} ${t} ${s}`);
        });
      });
      const more = linear(
        linear(norm(middle, `blocks.${layer}.norm2`), `blocks.${layer}.linear1`).map(gelu),
        `blocks.${layer}.linear2`,
      ); // prettier-ignore
      for (let j = 0; j < H; j++) near(middle[j] + more[j], trace.hidden[(layer * T + t) * H + j], `x of ${j} at ${t}`);
      assert.equal(token.length, layer ? 0 : H);
      if (layer) assert.deepEqual([...entering], [...trace.hidden.subarray(t * H, (t + 1) * H)]);
    }
  }
});

test("what a position looks at is the trace's: each column its weight by head, the rest in one, 1 in all", () => {
  for (let layer = 0; layer < L; layer++) {
    for (let t = 0; t < T; t++) {
      const weights = weightsOf(trace, { t, layer });
      for (const from of [0, Math.max(0, t - 7), t]) {
        const looks = looksOf(weights, from);
        assert.deepEqual(
          looks.map(({ column }) => column),
          [...(from ? [-1] : []), ...Array.from({ length: t + 1 - from }, (_, i) => i)],
        ); // prettier-ignore
        near(
          looks.flatMap(({ shares }) => shares).reduce((a, b) => a + b),
          1,
          `${layer} ${t} from ${from}`,
        );
        for (const { column, shares } of looks) {
          shares.forEach((share, head) => {
            const row = ((layer * heads + head) * T + t) * T;
            const want =
              column < 0
                ? attention.subarray(row, row + from).reduce((a, b) => a + b, 0)
                : attention[row + from + column]; // prettier-ignore
            near(share, want / heads, `${layer} ${t} ${column} ${head}`, 1e-6);
          });
        }
      }
      const [mean] = looksOf([weights[1]], 0);
      assert.equal(mean.shares.length, 1, "one head alone");
    }
  }
  assert.deepEqual(strongest(Float32Array.of(0.1, 0.6, 0.3), 2), [1, 2]);
});

test("bands fill the block's foot side by side, and stay clear of one another, of cells and of the picture's edge", () => {
  const weights = weightsOf(trace, { t: T - 1, layer: 1 });
  for (const width of [280, 343, 390, 960, 1400]) {
    for (const layers of [1, 2, 4]) {
      const g = layOut(width, layers);
      for (const from of [T - COLUMNS, T - 3, T - 1]) {
        for (let layer = 0; layer < layers; layer++) {
          const looks = looksOf(weights, from);
          const bands = bandsOf(g, looks, layer);
          const foot = g.top(layer) + g.cell.height;
          const own = g.left(T - 1 - from);
          let x = own + 3;
          let lane = foot;
          bands.forEach(({ stripes, middle }, i) => {
            stripes.forEach((outline, head) => {
              const atFoot = outline.filter(([, y]) => y === foot).map(([x]) => x);
              const wide = looks[i].shares[head] * g.whole;
              near(Math.min(...atFoot), x, `${width} ${layers} ${i} begins`);
              near(Math.max(...atFoot) - Math.min(...atFoot), wide, `${width} ${layers} ${i} is as wide as its weight`);
              x += wide;
              for (const [px, py] of outline) {
                assert.ok(px >= 0 && px <= width, `${px} of ${width}`);
                assert.ok(py >= foot && py <= foot + g.gap, `${py} of ${foot} to ${foot + g.gap}`);
              }
            });
            if (looks[i].column >= 0) {
              const [[begin], [above, height]] = middle;
              assert.equal(begin, above, "a band stands straight");
              assert.ok(height <= foot + g.gap - 15, "beside the numbers");
            }
            if (looks[i].column === T - 1 - from) return;
            const [, y] = middle[middle.length - 3];
            assert.ok(y > lane + 4, `a lane at ${y} below ${lane}`);
            lane = y;
          });
          near(x, own + 3 + g.whole, "the whole foot");
          assert.ok(x <= own + g.cell.width);
          assert.deepEqual(placeAt(g, g.middle(2), foot + g.gap / 2), { column: 2, layer });
        }
      }
    }
  }
});

/** Paths that are painted, each its points. @param {typeof paintUnrolled} paint @param {any} drawn @param {any} look @param {any} geometry */
function pathsOf(paint, drawn, look, geometry) {
  const palette = makePalette(false);
  const strip = /** @type {any} */ ({ fill() {}, draw() {} });
  const pen = new SvgPen();
  paint(/** @type {any} */ (pen), drawn, look, { geometry, palette, scales: makeScales(palette), strip });
  const svg = pen.document(geometry.width, geometry.height, "t");
  return [...svg.matchAll(/<path d="([^"]+)"([^>]*)/g)].map(([, d, style]) => ({
    style,
    points: [...d.matchAll(/([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  }));
}

test("nothing runs from state to state, and a loss goes straight to each earlier character", () => {
  const from = T - 1 - COLUMNS;
  const t = T - 2;
  const g = layOut(960, L);
  const look = { from, cursor: t, read: Infinity, back: null, open: null };
  const colours = headColours(makePalette(false), heads);
  /** @type {typeof paintUnrolled} */
  const paint = (pen, drawn, look, tools) => paintAttention(pen, drawn, look, tools, { picked: null, colours });
  const within = (/** @type {{ points: number[][] }[]} */ paths) =>
    paths.filter(({ points }) =>
      points.some(([, y]) => [0, 1].some((l) => y > g.top(l) + 4 && y < g.top(l) + g.cell.height - 4)),
    );
  assert.ok(within(pathsOf(paintUnrolled, scene, look, g)).length >= 2 * (COLUMNS - 1), "a state that is carried");
  const resting = pathsOf(paint, scene, look, g);
  assert.deepEqual(within(resting), []);
  const filled = (/** @type {string} */ colour) => resting.filter(({ style }) => style.includes(`fill="${colour}"`));
  for (const colour of colours) assert.equal(filled(colour).length, L * (COLUMNS + 1), "a stripe a look and block");

  const sizes = feltBack(trace, t, 1);
  const back = { layer: 1, sizes, losses: [t] };
  const asked = pathsOf(paint, scene, { ...look, back }, g);
  assert.deepEqual(within(asked), []);
  const start = g.top(1) + g.cell.height + g.gap;
  for (let column = 0; column < COLUMNS; column++) {
    const ends = asked.filter(
      ({ points: [[x, y]], style }) =>
        Math.abs(x - g.middle(column)) < g.cell.width / 2 && y === start && style.includes("fill="),
    ); // prettier-ignore
    assert.ok(ends.length >= 1, `an arrow's head at column ${column}`);
  }
});
