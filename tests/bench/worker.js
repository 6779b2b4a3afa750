/* What chromium.js runs in a page's worker. */
import { loadCore } from "../../web/core/index.js";
import { measure } from "./measure.js";

self.onmessage = async ({ data: { variant, peak, ...options } }) => {
  try {
    const core = await loadCore({ variant, module: new URL(`unrolled-${variant}.wasm`, self.location.href) });
    self.postMessage(
      await measure(core, {
        peak: new Uint8Array(peak),
        workerUrl: new URL("helper-thread.js", self.location.href),
        ...options,
      }),
    );
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
