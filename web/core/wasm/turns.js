/**
 * Long work in parts: a generator that yields every few milliseconds, and on the way, where it can tell, how much is
 * done, from 0 to 1. It is run at once, or in turns with others.
 */
import { nextTurn } from "./platform.js";

/** Milliseconds of work between two turns of others. */
const TURN = 20;
/** Bytes, or UTF-16 units, of a part: our own hash takes some 20 ms for them. */
export const CHUNK = 1 << 20;

/** Makes all parts at once. @template R @param {Generator<unknown, R>} parts @returns {R} */
export function runThrough(parts) {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return /** @type {R} */ (value);
  }
}

/**
 * Makes all parts in turns with others.
 * @template R @param {Generator<number | void, R>} parts
 * @param {object} [options]
 * @param {AbortSignal} [options.signal] calls it off: its reason is thrown
 * @param {(done: number) => void} [options.progress] told before others have their turn
 * @returns {Promise<R>}
 */
export async function runInTurns(parts, { signal, progress } = {}) {
  try {
    for (let turn = performance.now(); ; ) {
      signal?.throwIfAborted();
      const { done, value } = parts.next();
      if (done) return /** @type {R} */ (value);
      if (performance.now() - turn < TURN) continue;
      if (typeof value === "number") progress?.(value);
      await nextTurn();
      turn = performance.now();
    }
  } finally {
    parts.return(/** @type {any} */ (undefined));
  }
}

/** @param {Uint8Array} to @param {Uint8Array} from as long, or shorter @returns {Generator<void, void>} */
export function* copying(to, from) {
  for (let at = 0; at < from.length; at += CHUNK) {
    to.set(from.subarray(at, at + CHUNK), at);
    yield;
  }
}
