import test from "node:test";
import assert from "node:assert/strict";
import {
  chainUnits,
  blockShares,
  brush,
  influence,
  lagProfile,
  layerMean,
  orderUnits,
  reach,
  reaction,
  recurrentNorms,
  responseMap,
  saturation,
  spectralNorm,
  topPredictions,
  unitOverText,
} from "../../web/core/inside/analysis.js";

const close = (got, want, tolerance = 1e-6) =>
  want.forEach((x, i) => assert.ok(Math.abs(got[i] - x) <= tolerance, `index ${i}: got ${got[i]}, want ${x}`));

// Row t holds |d loss_t / d h_s|, s <= t; the last row is empty, for the last character has no target.
const FLOW = new Float32Array([4, 0, 0, 0, 0, 2, 8, 0, 0, 0, 1, 4, 6, 0, 0, 0.5, 2, 3, 10, 0, 0, 0, 0, 0, 0]);

test("the lag profile is the median along each diagonal, without the last character", () => {
  // lag 0: 4 8 6 10 -> 7; lag 1: 2 4 3 -> 3; lag 2: 1 2 -> 1.5; lag 3: 0.5
  close(lagProfile(FLOW, 5), [7, 3, 1.5, 0.5]);
  assert.equal(lagProfile(FLOW, 5).length, 4);
});

test("the lag profile of a second layer reads the second layer", () => {
  const two = new Float32Array(50);
  two.set(
    FLOW.map((x) => x * 10),
    25,
  );
  close(lagProfile(two, 5, 0), [0, 0, 0, 0]);
  close(lagProfile(two, 5, 1), [70, 30, 15, 5], 1e-5);
});

test("reach is the first lag at one hundredth of lag 0", () => {
  assert.equal(reach([1, 0.5, 0.02, 0.01, 0.5]), 3);
  assert.equal(reach([100, 50, 1.5, 0.9]), 3);
  assert.equal(reach([7, 3, 1.5, 0.5], 0.5), 1);
});

test("reach is infinite where the profile never falls, and zero without a gradient", () => {
  assert.equal(reach([1, 0.9, 0.8]), Infinity);
  assert.equal(reach([0, 0, 0]), 0);
  assert.equal(reach([]), 0);
});

test("influence is the row of the flow that belongs to a character", () => {
  close(influence(FLOW, 5, 2), [1, 4, 6, 0, 0]);
  const two = new Float32Array(50);
  two.set(FLOW, 25);
  close(influence(two, 5, 3, 1), [0.5, 2, 3, 10, 0]);
});

// T = 4 characters, H = 3 units.
const HIDDEN = new Float32Array([0.0, 0.9, -0.5, 0.1, -0.9, -0.5, 0.2, 0.9, -0.5, 0.3, -0.9, -0.5]);

test("a unit over the text is its column", () => {
  close(unitOverText(HIDDEN, 4, 3, 1), [0.9, -0.9, 0.9, -0.9]);
});

test("saturation counts characters below and above, strictly", () => {
  const gate = new Float32Array([0.05, 0.95, 0.5, 0.25, 0.05, 0.75, 0.99, 0.2, 0.01, 1, 0.5, 0.91]); // T 6, H 2
  const got = saturation(gate, 6, 2);
  close(got.low, [3 / 6, 0]); // unit 0: .05 .5 .05 .99 .01 .5
  close(got.high, [1 / 6, 3 / 6]); // unit 1: .95 .25 .75 .2 1 .91
  assert.ok(Math.abs(got.lowShare - 0.25) < 1e-6);
  assert.ok(Math.abs(got.highShare - 1 / 3) < 1e-6);
});

test("saturation of a tanh value takes its own limits", () => {
  const got = saturation(HIDDEN, 4, 3, { low: -0.8, high: 0.8 });
  close(got.low, [0, 0.5, 0]);
  close(got.high, [0, 0.5, 0]);
});

test("the mean of a layer is over its characters and units alone", () => {
  const two = new Float32Array(24).fill(5);
  two.set(
    HIDDEN.map(() => 2),
    12,
  );
  assert.equal(layerMean(two, 4, 3, 0), 5);
  assert.equal(layerMean(two, 4, 3, 1), 2);
});

test("the spectral norm of known matrices", () => {
  assert.ok(Math.abs(spectralNorm(new Float32Array([3, 0, 0, -2]), 2, 2) - 3) < 1e-4);
  assert.ok(Math.abs(spectralNorm(new Float32Array([0, 5, 0, 0]), 2, 2) - 5) < 1e-4); // all eigenvalues are 0
  assert.ok(Math.abs(spectralNorm(new Float32Array([1, 1, 1, 1]), 2, 2) - 2) < 1e-4);
  assert.ok(Math.abs(spectralNorm(new Float32Array([3, 4]), 1, 2) - 5) < 1e-4);
  assert.equal(spectralNorm(new Float32Array(9), 3, 3), 0);
});

test("the spectral norm of a rotation is 1 whatever its angle", () => {
  for (const angle of [0.1, 1, 2.5]) {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    assert.ok(Math.abs(spectralNorm(new Float32Array([c, -s, s, c]), 2, 2) - 1) < 1e-5, `angle ${angle}`);
  }
});

test("recurrent norms read one block for each gate", () => {
  const W = new Float32Array([2, 0, 0, 1, /* next block */ 0, 0, 0.5, 0]);
  const got = recurrentNorms(W, 2, ["r", "z"]);
  assert.deepEqual(Object.keys(got), ["r", "z"]);
  close([got.r, got.z], [2, 0.5], 1e-4);
});

test("reaction is the mean step from character to character", () => {
  close(reaction(HIDDEN, 4, 3), [0.1, 1.8, 0]);
});

test("units are ordered by index or by reaction", () => {
  assert.deepEqual([...orderUnits(HIDDEN, 4, 3, "index")], [0, 1, 2]);
  assert.deepEqual([...orderUnits(HIDDEN, 4, 3, "reaction")], [1, 0, 2]);
});

test("ordering by similarity puts like beside like, from the strongest unit on", () => {
  const a = [0, 1, 0, 1, 0, 1];
  const b = [0, 0, 0, 1, 1, 1];
  const columns = [a.map((x) => 0.2 * x), b.map((x) => 0.9 * x), a, b.map((x) => 0.1 * x + 0.5)];
  const hidden = new Float32Array(24);
  columns.forEach((column, j) => column.forEach((x, t) => (hidden[t * 4 + j] = x)));
  const order = [...orderUnits(hidden, 6, 4, "similarity")];
  assert.deepEqual(order.slice(0, 2), [2, 0]); // unit 2 reacts most, unit 0 moves as it does
  assert.deepEqual(order.slice(2).sort(), [1, 3]);
  assert.deepEqual([...chainUnits(hidden, 6, 4, Int32Array.of(0, 1, 2, 3), 2)], order);
  assert.deepEqual([...chainUnits(hidden, 6, 4, Int32Array.of(0, 1, 3), 1)], [1, 3, 0], "of some, from another on");
});

test("every order is a permutation, units that never move included", () => {
  const still = new Float32Array(40).fill(0.3);
  for (const order of ["index", "similarity", "reaction"]) {
    assert.deepEqual(
      [...orderUnits(still, 4, 10, order)].sort((x, y) => x - y),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      order,
    );
  }
});

test("the response map averages over the places where a character stands", () => {
  const { mean, count } = responseMap(HIDDEN, [2, 0, 2, 0], 3, 4);
  assert.deepEqual([...count], [2, 0, 2, 0]);
  close(mean, [0.2, 0, 0.1, 0, /* unit 1 */ -0.9, 0, 0.9, 0, /* unit 2 */ -0.5, 0, -0.5, 0]);
});

test("brushing finds the units that are on inside and off around, with either sign", () => {
  const T = 8,
    H = 4;
  const columns = [
    // on inside, and again at 6, which is one of the two characters next to 3..4 after 5
    [0, 0, 0, 0.8, 0.9, 0, 0.7, 0],
    [0, 0, 0, -0.6, -0.5, 0, 0, -0.9], // on inside with a negative sign, and again at 7
    [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9], // always on
    [0, 0, 0, 0.8, 0.1, 0, 0, 0], // on in half of the stretch only
  ];
  const hidden = new Float32Array(T * H);
  columns.forEach((column, j) => column.forEach((x, t) => (hidden[t * H + j] = x)));
  const { units, elsewhere } = brush(hidden, T, H, 3, 4);
  assert.deepEqual(
    units.map(({ unit, sign }) => [unit, sign]),
    [[1, -1]],
  );
  assert.ok(Math.abs(units[0].contrast - 0.5) < 1e-6);
  close(elsewhere, [0, 0, 0, 0, 0, 0, 0, 1]);
});

test("a brush at either end of the text looks at the side that exists", () => {
  const hidden = new Float32Array([0.9, 0, 0, 0.9]);
  assert.deepEqual(
    brush(hidden, 4, 1, 0, 0).units.map((u) => u.unit),
    [0],
  );
  assert.deepEqual(
    brush(hidden, 4, 1, 3, 3).units.map((u) => u.unit),
    [0],
  );
  close(brush(hidden, 4, 1, 0, 0).elsewhere, [0, 0, 0, 1]);
});

test("block shares are sorted and add up to one, zeros left out", () => {
  const got = blockShares({ a: 5, b: 12, c: 0 });
  assert.deepEqual(
    got.map((x) => [x.name, x.norm]),
    [
      ["b", 12],
      ["a", 5],
    ],
  );
  close(
    got.map((x) => x.share),
    [144 / 169, 25 / 169],
  );
  assert.deepEqual(blockShares({ a: 0 }), []);
});

test("the top predictions are the most probable tokens in order", () => {
  const p = new Float32Array([0.1, 0.2, 0.3, 0.4, 0, 0, /* t = 1 */ 0.5, 0.05, 0.05, 0.25, 0.1, 0.05]);
  assert.deepEqual(
    topPredictions(p, 6, 1, 3).map((x) => x.id),
    [0, 3, 4],
  );
  assert.deepEqual(
    topPredictions(p, 6, 0).map((x) => x.id),
    [3, 2, 1, 0, 4],
  );
  assert.equal(topPredictions(p, 2, 0).length, 2);
});
