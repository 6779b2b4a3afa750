import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, loadCore } from "../../web/core/index.js";
import { COLUMNS, layOut, placeAt } from "../../web/views/unrolled/geometry.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { makeScales } from "../../web/views/parts/heatmap.js";
import { SvgPen } from "../../web/views/parts/svg.js";
import { paintUnrolled, shareOf } from "../../web/views/unrolled/paint.js";
import { feltBack, sceneOf } from "../../web/views/unrolled/scene.js";

const text = "the cat sat on the mat and the rat ran. ".repeat(20);

test("a point on a cell is that cell's column and layer, at every width and depth", () => {
  for (const width of [280, 390, 960, 1400]) {
    for (const layers of [1, 2, 4]) {
      const g = layOut(width, layers);
      assert.equal(g.columns, COLUMNS);
      for (let column = 0; column < COLUMNS; column++) {
        for (let layer = 0; layer < layers; layer++) {
          const [x, y] = [g.middle(column), g.top(layer) + g.cell.height / 2];
          assert.deepEqual(placeAt(g, x, y), { column, layer }, `${width} px, ${layers} layers`);
        }
        assert.ok(g.left(column) >= 0 && g.left(column) + g.cell.width <= width);
      }
      assert.equal(placeAt(g, -5, 0).column, 0);
      assert.deepEqual(placeAt(g, width + 5, g.height), { column: COLUMNS - 1, layer: 0 });
    }
  }
});

test("what the picture shows of a trace is the trace's: guesses, right ones, and the gradient's way back", async (t) => {
  const trainer = new Trainer(await loadCore({ variant: "simd" }), {
    text,
    cell: "gru",
    hidden: 40,
    layers: 2,
    batch: 4,
    seqLen: 16,
    learningRate: 0.02,
    seed: 3,
  });
  t.after(() => trainer.dispose());
  trainer.step(40);
  const trace = trainer.probe("the rat sat on");
  const { T, V } = trace.sizes;
  const scene = sceneOf(trace);
  assert.equal(scene.next[T - 1], null);
  for (let t = 0; t < T - 1; t++) {
    assert.equal(scene.next[t], trace.tokens[t + 1]);
    const [{ token, probability }] = scene.guesses(t);
    const row = trace.probabilities.subarray(t * V, (t + 1) * V);
    assert.equal(probability, Math.max(...row));
    assert.equal(trace.vocabulary.indexOf(token), row.indexOf(probability));
  }
  for (const rows of scene.rows)
    assert.equal(new Set(rows).size, 32, "of 40 units the 32 liveliest are shown, each once");
  for (const layer of [0, 1]) {
    const sizes = feltBack(trace, 9, layer);
    for (let s = 0; s < T; s++) {
      const want = s > 9 ? NaN : trace.flow[(layer * T + 9) * T + s];
      assert.ok(Object.is(sizes[s], want), `layer ${layer}, ${s} of 9: got ${sizes[s]}, want ${want}`);
    }
  }
  assert.equal(feltBack(trace, T - 1, 0), null, "nothing follows the last character");
  assert.equal(feltBack(trainer.probe("the rat", { flow: false }), 3, 0), null);
});

test("an arrow back is as thick as its place on the scale that is named beside it", () => {
  assert.equal(shareOf({ low: -8, high: 2 }, 0.1), 0.7, "the fixed scale");
  assert.equal(shareOf({ low: -3, high: 0 }, 0.1), 2 / 3, "one that fits");
  assert.deepEqual(
    [1e-9, 0, NaN, 50].map((size) => shareOf({ low: -3, high: 0 }, size)),
    [0, 0, 0, 1],
  );
});

test("a cell of two states names each under its half, on a phone and on a desk", () => {
  const palette = makePalette(false);
  const strip = /** @type {any} */ ({ fill() {}, draw() {} });
  const tokens = [..."eight ch"];
  for (const width of [343, 960]) {
    for (const cell of [new Float32Array(8), undefined]) {
      const geometry = layOut(width, 1);
      const pen = new SvgPen();
      paintUnrolled(
        /** @type {any} */ (pen),
        {
          tokens,
          next: tokens,
          T: 8,
          H: 1,
          hidden: new Float32Array(8),
          cell,
          guesses: () => [{ token: "a", probability: 1 }],
          rows: [Int32Array.of(0)],
        },
        { from: 0, cursor: 0, read: Infinity, back: null, open: null },
        { geometry, palette, scales: makeScales(palette), strip },
      );
      const svg = pen.document(width, geometry.height, "t");
      const named = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*font:12px[^>]*>([ch])</g)];
      assert.equal(named.length, cell ? 16 : 0, `${width} px`);
      for (const [, x, y, name] of named) {
        const at = Number(x) - geometry.left(Math.floor(Number(x) / geometry.pitch));
        assert.equal(name, at < geometry.cell.width / 2 ? "c" : "h", `at ${at} of ${geometry.cell.width}`);
        assert.ok(Number(y) > geometry.top(0) && Number(y) < geometry.top(0) + geometry.cell.height, `at ${y}`);
      }
    }
  }
});
