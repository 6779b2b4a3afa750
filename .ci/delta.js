/* One module told by another: the three share most of their code, so a file that carries all of them carries one and what
 * the others have that it has not. */

const KEY = 8; // bytes by which what both have is found
const LEAST = 12; // bytes that are worth a copy

/**
 * What it takes to make `target` out of `base`: in numbers of seven bits a byte, low ones first, the target's length and
 * that of what follows; then bytes that are new, how far the next copy begins from the end of the last (doubled, odd for
 * backwards), and its length, over and over; then all that is new.
 * @param {Buffer} base @param {Buffer} target @returns {Buffer}
 */
export function makeDelta(base, target) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  for (let i = 0; i + KEY <= base.length; i++) {
    const key = base.toString("latin1", i, i + KEY);
    const known = places.get(key);
    if (known) known.push(i);
    else places.set(key, [i]);
  }
  /** @type {number[]} */ const steps = [];
  /** @type {Buffer[]} */ const fresh = [];
  let copied = 0; // in the base, the end of the last copy
  let told = 0; // of the target
  for (let at = 0; at < target.length; ) {
    const { from, length } = longest(
      base,
      target,
      at,
      places.get(target.toString("latin1", at, at + KEY)) ?? [],
      copied,
    );
    if (length < LEAST) {
      at++;
      continue;
    }
    fresh.push(target.subarray(told, at));
    const away = from - copied;
    steps.push(...number(at - told), ...number(away < 0 ? -2 * away - 1 : 2 * away), ...number(length));
    copied = from + length;
    told = at += length;
  }
  fresh.push(target.subarray(told));
  steps.push(...number(target.length - told));
  return Buffer.concat([Buffer.from([...number(target.length), ...number(steps.length), ...steps]), ...fresh]);
}

/**
 * Of the places where a copy could begin, that of the longest, and of those the nearest.
 * @param {Buffer} base @param {Buffer} target @param {number} at @param {number[]} places @param {number} near
 */
function longest(base, target, at, places, near) {
  let [from, length] = [0, 0];
  for (const place of places) {
    let n = 0;
    while (at + n < target.length && base[place + n] === target[at + n]) n++;
    if (n > length || (n === length && Math.abs(place - near) < Math.abs(from - near))) [from, length] = [place, n];
  }
  return { from, length };
}

/** @param {number} n */
function number(n) {
  const bytes = [];
  for (; n > 127; n >>>= 7) bytes.push((n & 127) | 128);
  return [...bytes, n];
}

/**
 * The way back. Its source goes into bundles, so it knows nothing but its arguments.
 * @param {Uint8Array} base @param {Uint8Array} delta @returns {Uint8Array<ArrayBuffer>}
 */
export function applyDelta(base, delta) {
  let at = 0;
  const next = () => {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = delta[at++];
      n |= (byte & 127) << shift;
      if (byte < 128) return n;
    }
  };
  const target = new Uint8Array(next());
  const steps = next();
  let fresh = at + steps;
  for (let made = 0, from = 0; ; ) {
    const own = next();
    target.set(delta.subarray(fresh, (fresh += own)), made);
    if ((made += own) === target.length) return target;
    const away = next();
    from += away & 1 ? -(away + 1) / 2 : away / 2;
    const length = next();
    target.set(base.subarray(from, (from += length)), made);
    made += length;
  }
}
