/* The types that are shipped, from the JSDoc. */
import { appendFileSync, rmSync } from "node:fs";
import { at, run } from "./paths.js";

/** What JSDoc cannot say of the element: its properties, made from the table of options, its name in a document, and its
 * events, which bubble. */
const ELEMENT = `
import type { DemoProperties } from "./options.js";
export interface UnrolledDemo extends DemoProperties {}
declare global {
    interface HTMLElementTagNameMap {
        "unrolled-demo": UnrolledDemo;
    }
    interface HTMLElementEventMap {
        "unrolled-ready": CustomEvent<{ settings: import("../core/config.js").Settings; vocabulary: readonly string[] }>;
        "unrolled-step": CustomEvent<import("../core/wasm/engine.js").Report>;
        "unrolled-running": CustomEvent<import("./protocol.js").DemoState>;
        "unrolled-error": CustomEvent<{ code: string; message: string }>;
    }
}
`;

export function buildTypes() {
  rmSync(at("dist/types"), { recursive: true, force: true });
  run(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"], { quiet: true });
  appendFileSync(at("dist/types/embed/element.d.ts"), ELEMENT);
}
