/**
 * Keeps what a run has learnt. A save that fails is told and tried again at the next one, and what was saved before stays
 * as it is; when the last one fails, it is saved elsewhere. What is no file takes one writing, so it gets the last.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnrolledError } from "../../core/index.js";
import { Target } from "../files/target.js";

/** @typedef {import("../../core/index.js").Trainer<any>} Trainer */

/** What was learnt could not be saved where it should be. */
export class SaveError extends UnrolledError {}

/** Saves elsewhere, where that can be. @param {Uint8Array} bytes @returns {Promise<string>} a sentence */
async function rescue(bytes) {
  try {
    const path = join(mkdtempSync(join(tmpdir(), "unrolled-")), "model.safetensors");
    await new Target(path).write(bytes);
    return ` What this run has learnt is in ${path}: move it, or go on from it by --resume.`;
  } catch {
    return "";
  }
}

export class Keeper {
  #target;
  #trainer;
  #tell;
  /** What should be in the target and is not. @type {{ bytes: Uint8Array, step: number } | null} */
  #held = null;
  /** The update that the target has the weights of. @type {number | null} */
  #kept = null;
  #last = performance.now();

  /** @param {Target} target @param {Trainer} trainer @param {(text: string) => void} tell */
  constructor(target, trainer, tell) {
    this.#target = target;
    this.#trainer = trainer;
    this.#tell = tell;
  }

  /** Milliseconds since it was asked to save. */
  get since() {
    return performance.now() - this.#last;
  }

  /** Saves the trainer as it is, or holds it until it can be saved. */
  async keep() {
    this.#last = performance.now();
    await this.#take();
    await this.retry();
  }

  /** Saves what could not be saved before. */
  async retry() {
    if (!this.#held || !this.#target.isFile) return;
    try {
      await this.#write();
    } catch (error) {
      this.#tell(`${this.#failure(error)} It is tried again at the next evaluation.`);
    }
  }

  /**
   * At the end: what is saved is what was kept last, or the trainer as it is.
   * @param {boolean} asItIs
   * @returns {Promise<number>} the update it has the weights of
   */
  async finish(asItIs) {
    const behind = this.#kept !== this.#trainer.progress.step || this.#held !== null;
    if (asItIs ? behind : this.#kept === null && !this.#held) await this.#take();
    try {
      await this.#write();
    } catch (error) {
      const { bytes } = /** @type {{ bytes: Uint8Array }} */ (this.#held);
      throw new SaveError("bad-file", this.#failure(error) + (await rescue(bytes)));
    }
    return /** @type {number} */ (this.#kept);
  }

  async #take() {
    const { step } = this.#trainer.progress;
    this.#held = { bytes: await this.#trainer.saveAsync(), step };
  }

  async #write() {
    if (!this.#held) return;
    await this.#target.write(this.#held.bytes);
    this.#kept = this.#held.step;
    this.#held = null;
  }

  /** @param {unknown} error */
  #failure(error) {
    const { message } = /** @type {Error} */ (error);
    return this.#kept === null
      ? `${message} Nothing of this run is saved there.`
      : `${message} What is saved there is of step ${this.#kept}.`;
  }
}
