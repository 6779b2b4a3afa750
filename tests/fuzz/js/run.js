/**
 * One target under libFuzzer, in a process of its own: node tests/fuzz/js/run.js TARGET ADDON BUNDLE COUNTERS [option …]
 * The options are libFuzzer's. A target is a module with fuzz(bytes), which fails by throwing, and seeds(); one with
 * `aside` gives promises.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [name, addon, bundle, used, ...options] = process.argv.slice(2);
const driver = createRequire(import.meta.url)(addon);
/** @type {any} */ (globalThis).unrolledCounters = driver.counters();
const target = await import(pathToFileURL(bundle).href);
await target.begin?.();

/** @param {unknown} error */
const tell = (error) => console.error(`fuzz: ${name} failed: ${error instanceof Error ? error.stack : String(error)}`);

// V8 handles faults of WebAssembly's memory itself.
const args = [name, "-handle_segv=0", "-handle_bus=0", ...options];
if (target.aside) {
  driver.runAside(
    args,
    Number(used),
    (/** @type {Uint8Array} */ input, /** @type {(failed: boolean) => void} */ done) => {
      target.fuzz(input).then(
        () => done(false),
        (/** @type {unknown} */ error) => {
          tell(error);
          done(true);
        },
      );
    },
  );
} else {
  driver.run(args, Number(used), (/** @type {Uint8Array} */ input) => {
    try {
      target.fuzz(input);
    } catch (error) {
      tell(error);
      throw error;
    }
  });
}
