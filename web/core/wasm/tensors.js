/** The named matrices of a trainer, out of the core's flat arrays and back into them. */

/** @typedef {import("./engine.js").Engine} Engine */

/** @param {Engine} engine @param {number} which of ARRAY @returns {Map<string, Float32Array>} copies, by name */
export function readTensors(engine, which) {
  const flat = engine.array(which);
  return new Map(
    engine.tensors.map(({ name, offset, rows, cols }) => [name, flat.slice(offset, offset + rows * cols)]),
  );
}

/** @param {Engine} engine @param {number} which of ARRAY @param {Iterable<[string, ArrayLike<number>]>} values */
export function writeTensors(engine, which, values) {
  const flat = engine.array(which);
  const offsets = new Map(engine.tensors.map(({ name, offset }) => [name, offset]));
  for (const [name, numbers] of values) flat.set(numbers, offsets.get(name));
}

/** @param {Engine} engine @param {number} which of ARRAY @returns {Record<string, number>} Euclidean, by name */
export function tensorNorms(engine, which) {
  const flat = engine.array(which);
  return Object.fromEntries(
    engine.tensors.map(({ name, offset, rows, cols }) => {
      let squares = 0;
      for (let i = offset, end = offset + rows * cols; i < end; i++) squares += flat[i] * flat[i];
      return [name, Math.sqrt(squares)];
    }),
  );
}
