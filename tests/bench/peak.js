/* The machine's peak at what the kernels do, a product added to a sum, four lanes at a time: twelve sums in registers,
 * and nothing else. Twelve hide the latencies and leave registers for the factor and the term. */
import binaryen from "binaryen";

const SUMS = 12;
export const FLOPS_A_TURN = SUMS * 4 * 2;

/**
 * @param {boolean} relaxed whether product and sum are one instruction
 * @returns {Uint8Array} a module with spin(turns)
 */
export function peakModule(relaxed) {
  const names = Array.from({ length: SUMS }, (_, i) => `$s${i}`);
  const next = (/** @type {string} */ sum) =>
    relaxed
      ? `(f32x4.relaxed_madd (local.get ${sum}) (local.get $a) (local.get $b))`
      : `(f32x4.add (f32x4.mul (local.get ${sum}) (local.get $a)) (local.get $b))`;
  const module = binaryen.parseText(`(module
    (func (export "spin") (param $turns i32) (result f32)
      (local $a v128) (local $b v128) ${names.map((name) => `(local ${name} v128)`).join(" ")}
      (local.set $a (f32x4.splat (f32.const 0.999)))
      (local.set $b (f32x4.splat (f32.const 0.001)))
      (loop $again
        ${names.map((name) => `(local.set ${name} ${next(name)})`).join("\n")}
        (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
      (f32x4.extract_lane 0 ${names.reduce((sum, name) => (sum ? `(f32x4.add ${sum} (local.get ${name}))` : `(local.get ${name})`), "")})))`);
  module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.RelaxedSIMD);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
