/**
 * Loads the WebAssembly module and owns its memory. Nothing but web/core knows pointers.
 *
 * The memory moves when it grows, so views are made at each read: never keep one across a call.
 */
import { checkOptions } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { inNode, nodeModule } from "./platform.js";

/** @typedef {"relaxed" | "simd" | "baseline"} Variant */
/**
 * @typedef {BufferSource | WebAssembly.Module | Response | URL | string} ModuleSource bytes, a module, a response, or
 * where to fetch one
 */

/**
 * @typedef {object} CoreOptions
 * @property {"auto" | Variant} [variant] "auto" picks the fastest that runs here; "simd" and "baseline" give the same
 * bits everywhere
 * @property {ModuleSource | Promise<ModuleSource> | ((variant: Variant) => ModuleSource | Promise<ModuleSource>)}
 * [module]
 *   the module itself, or a function that finds it for a variant; without it the files of this package are read
 */

/** One function whose body needs the feature: `i32x4.splat`, and a relaxed multiply-add over three splats. */
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
];
const RELAXED_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65,
  0, 253, 17, 253, 133, 2, 11,
];

/**
 * What this machine can run, fastest first.
 * @returns {Variant[]}
 */
export function supportedVariants() {
  if (typeof WebAssembly !== "object") return [];
  /** @type {Variant[]} */
  const variants = ["baseline"];
  if (WebAssembly.validate(new Uint8Array(SIMD_PROBE))) variants.unshift("simd");
  if (WebAssembly.validate(new Uint8Array(RELAXED_PROBE))) variants.unshift("relaxed");
  return variants;
}

/** @param {Variant} variant @returns {URL} literals, so that bundlers find the files */
function packagedModule(variant) {
  if (variant === "relaxed") return new URL("../../../dist/wasm/unrolled-relaxed.wasm", import.meta.url);
  if (variant === "simd") return new URL("../../../dist/wasm/unrolled-simd.wasm", import.meta.url);
  return new URL("../../../dist/wasm/unrolled-baseline.wasm", import.meta.url);
}

/** @param {string} why */
const badCore = (why) => new UnrolledError("bad-core", `The numeric core could not be loaded: ${why}.`);

/** @param {URL} url @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function readUrl(url) {
  if (url.protocol === "file:" && inNode) return (await nodeModule("node:fs/promises")).readFile(url);
  return responseBytes(await fetch(url));
}

/** @param {Response} response */
async function responseBytes(response) {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {ModuleSource} source @returns {Promise<WebAssembly.Module>} */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL) {
    const base = typeof location === "object" && location.href.startsWith("http") ? location.href : undefined;
    return WebAssembly.compile(await readUrl(new URL(source, base)));
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  // last, since Node loads all of its fetch once somebody names Response
  if (typeof Response === "function" && source instanceof Response)
    return WebAssembly.compile(await responseBytes(source));
  throw new Error(`module must be bytes, a WebAssembly.Module, a Response or a URL, not ${quote(source)}`);
}

/**
 * The module imports a few functions of a system it never uses: each is satisfied by one that does nothing, or, for
 * those that end a program, throws.
 * @param {WebAssembly.Module} module
 */
function trivialImports(module) {
  /** @type {Record<string, Record<string, () => number>>} */
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw new Error(`it imports the ${kind} ${from}.${name}`);
    imports[from] ??= {};
    imports[from][name] = /exit|abort|assert/.test(name)
      ? () => {
          throw badCore(`it called ${name}`);
        }
      : () => 0;
  }
  return imports;
}

/**
 * Loads the numeric core: once per page or program, for any number of trainers.
 * @param {CoreOptions} [options]
 * @returns {Promise<Core>}
 */
export async function loadCore(options) {
  const { variant = "auto", module } = checkOptions("loadCore", options, ["variant", "module"]);
  if (!["auto", "relaxed", "simd", "baseline"].includes(variant)) {
    throw new UnrolledError(
      "bad-argument",
      `variant must be "auto", "relaxed", "simd" or "baseline", got ${quote(variant)}.`,
    );
  }
  const supported = supportedVariants();
  if (!supported.length) throw badCore("WebAssembly is missing here");
  if (variant !== "auto" && !supported.includes(variant))
    throw badCore(`variant "${variant}" does not run here; "auto" picks one that does`);
  if (module !== undefined && typeof module !== "function")
    return loadFrom(module, variant === "auto" ? "supplied" : variant);
  let failure;
  for (const candidate of variant === "auto" ? supported : [variant]) {
    try {
      return await loadFrom((module ?? packagedModule)(candidate), candidate);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * @param {ModuleSource | Promise<ModuleSource>} source
 * @param {Variant | "supplied"} variant
 */
async function loadFrom(source, variant) {
  try {
    const compiled = await compile(await source);
    return new Core(compiled, await WebAssembly.instantiate(compiled, trivialImports(compiled)), variant);
  } catch (error) {
    if (error instanceof UnrolledError) throw error;
    throw badCore(error instanceof Error ? error.message : String(error));
  }
}

/** A loaded module: its functions, and its memory as typed arrays. */
export class Core {
  /** @type {WebAssembly.Memory} */
  #memory;

  /**
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Instance} instance
   * @param {Variant | "supplied"} variant
   */
  constructor(module, instance, variant) {
    if (!(module instanceof WebAssembly.Module) || !(instance instanceof WebAssembly.Instance))
      throw new UnrolledError("bad-argument", "A Core is made by loadCore(), not by hand.");
    /** The C functions, under their own names. @type {Record<string, (...args: number[]) => number>} */
    this.c = /** @type {any} */ (instance.exports);
    /** Which module was picked: "relaxed", "simd", "baseline", or "supplied" for one of the caller's. */
    this.variant = variant;
    /** The compiled module: what a worker needs to load the same core. */
    this.module = module;
    this.#memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    if (!(this.#memory instanceof WebAssembly.Memory) || !this.c.unroll_trainer_bytes)
      throw new Error("it is not a module of this package");
    this.c._initialize?.();
  }

  /** @param {number} pointer @param {number} count */
  f32(pointer, count) {
    return new Float32Array(this.#memory.buffer, pointer, count);
  }

  /** @param {number} pointer @param {number} count */
  f64(pointer, count) {
    return new Float64Array(this.#memory.buffer, pointer, count);
  }

  /** @param {number} pointer @param {number} count */
  i32(pointer, count) {
    return new Int32Array(this.#memory.buffer, pointer, count);
  }

  /** @param {number} pointer @param {number} most @returns {string} an ASCII string ended by a zero or by its size */
  string(pointer, most) {
    const bytes = new Uint8Array(this.#memory.buffer, pointer, most);
    const end = bytes.indexOf(0);
    return String.fromCharCode(...bytes.subarray(0, end < 0 ? most : end));
  }

  /** Size of the whole memory, which grows and never shrinks. */
  get memoryBytes() {
    return this.#memory.buffer.byteLength;
  }

  /**
   * @param {number} bytes
   * @returns {number} a pointer to a block aligned to 16 bytes, for `free`
   */
  alloc(bytes) {
    const raw = bytes < 2 ** 31 - 32 ? this.c.malloc(bytes + 16) >>> 0 : 0;
    if (!raw) {
      throw new UnrolledError(
        "no-memory",
        `There is no memory for ${(bytes / 2 ** 20).toFixed(1)} MB: take a smaller hidden, batch, seqLen or text, ask for less at once (a shorter sample or probe, without its probabilities or flow), or dispose of trainers no longer needed.`,
      );
    }
    const pointer = ((raw + 16) & ~15) >>> 0;
    this.i32(pointer - 4, 1)[0] = raw;
    return pointer;
  }

  /** @param {number} pointer from `alloc` */
  free(pointer) {
    this.c.free(this.i32(pointer - 4, 1)[0]);
  }
}
