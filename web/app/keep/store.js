/* Saved runs in the browser's IndexedDB. A run is two records written in one transaction: what a list shows, and the
 * rest, so that listing reads no weights. Where storage is missing (a sandbox, a private window), `open` gives null.
 * Runs that nobody asked to keep are the page's own precaution: those of the fewest steps make room, and of these the
 * oldest. */
import { createStore, delMany, get, getMany, keys, set, setMany, update } from "idb-keyval";
import { UnrolledError } from "../../core/errors.js";

/**
 * @typedef {{id: string, name: string, kept: boolean, cell: string, step: number, loss: number | null, bytes: number,
 * saved: number, link: string}} RunInfo
 *   kept: the person asked for it;  saved: ms since 1970;  loss: validation's, or else the window's, in nats;  link: of
 *   its settings and text
 * @typedef {{checkpoint: Uint8Array, text: string, source: import("../share.js").TextSource, settings: Record<string,
 * any>, history: object}} RunData history: its story
 */
/** @typedef {import("../../worker/look.js").Saved} Saved a moment of a run */

/** Precautions that stay. */
const UNKEPT_MOST = 3;

const INFO = "info ",
  DATA = "data ",
  MOMENT = "moment ";

export class RunStore {
  #store;

  /** Use RunStore.open(). @param {import("idb-keyval").UseStore} store */
  constructor(store) {
    this.#store = store;
  }

  /** @returns {Promise<RunStore | null>} null where the browser keeps nothing */
  static async open() {
    try {
      const store = createStore("unrolled-runs", "runs");
      await keys(store);
      return new RunStore(store);
    } catch {
      return null;
    }
  }

  /** The store, whose failures are told in the page's words. @param {number} [bytes] that are to be written */
  #on(bytes = 0) {
    /** @type {import("idb-keyval").UseStore} */
    const use = (mode, work) =>
      this.#store(mode, work).catch((error) => {
        throw storageError(error, bytes);
      });
    return use;
  }

  /** @returns {Promise<RunInfo[]>} the newest first */
  async list() {
    const all = await keys(this.#on());
    const infos = await getMany(
      all.filter((key) => String(key).startsWith(INFO)),
      this.#on(),
    );
    return infos.filter(Boolean).sort((a, b) => b.saved - a.saved);
  }

  /** @param {string} id @returns {Promise<RunData | undefined>} */
  load(id) {
    return get(DATA + id, this.#on());
  }

  /** Writes a run over the one of the same id, or neither half of it.
   * @param {Omit<RunInfo, "bytes" | "saved"> & {saved?: number}} info saved: when it was, if not now
   * @param {RunData} data @returns {Promise<RunInfo>} */
  async save(info, data) {
    const bytes = data.checkpoint.length + 2 * data.text.length;
    const complete = { saved: Date.now(), ...info, bytes };
    /** @type {[string, any][]} */
    const records = [
      [INFO + info.id, complete],
      [DATA + info.id, data],
    ];
    /** @returns {Promise<void>} */
    const write = () =>
      setMany(records, this.#on(bytes)).catch(async (error) => {
        if (error.code !== "storage-full" || !(await this.#makeRoom(info.id))) throw error;
        return write();
      });
    await write();
    await this.#dropLeast(info.id);
    return complete;
  }

  /** The moments that are written down of a run. @param {string} id @returns {Promise<number[]>} their steps */
  async momentSteps(id) {
    const prefix = `${MOMENT}${id} `;
    const all = (await keys(this.#on())).map(String).filter((key) => key.startsWith(prefix));
    return all.map((key) => Number(key.slice(prefix.length))).sort((a, b) => a - b);
  }

  /** @param {string} id @returns {Promise<Saved[]>} by step */
  async moments(id) {
    const steps = await this.momentSteps(id);
    const bytes = await getMany(
      steps.map((step) => `${MOMENT}${id} ${step}`),
      this.#on(),
    );
    return steps.map((step, i) => ({ step, bytes: bytes[i] })).filter((moment) => moment.bytes);
  }

  /**
   * Writes moments of a run, each by itself, so that the page can answer between two, and takes others away.
   * @param {string} id @param {Saved[]} added @param {number[]} removed
   */
  async changeMoments(id, added, removed) {
    await delMany(
      removed.map((step) => `${MOMENT}${id} ${step}`),
      this.#on(),
    );
    for (const { step, bytes } of added) await set(`${MOMENT}${id} ${step}`, bytes, this.#on(bytes.length));
  }

  /** @param {string} id @param {Partial<Pick<RunInfo, "name" | "kept">>} changes */
  async change(id, changes) {
    await update(INFO + id, (info) => info && { ...info, ...changes }, this.#on());
  }

  /** @param {...string} ids */
  async remove(...ids) {
    const moments = (await keys(this.#on())).filter((key) =>
      ids.some((id) => String(key).startsWith(`${MOMENT}${id} `)),
    );
    return delMany([...ids.flatMap((id) => [INFO + id, DATA + id]), ...moments], this.#on());
  }

  /** Precautions, the first to go first. @returns {Promise<RunInfo[]>} */
  async #precautions() {
    const oldestFirst = (await this.list()).reverse().filter((run) => !run.kept);
    return oldestFirst.sort((a, b) => a.step - b.step);
  }

  /** Keeps a bounded number of precautions, the newest among them. @param {string} id which was just written */
  async #dropLeast(id) {
    const unkept = await this.#precautions();
    const newest = Math.max(...unkept.map((run) => run.saved));
    const others = unkept.filter((run) => run.id !== id && run.saved !== newest);
    const gone = others.slice(0, Math.max(0, unkept.length - UNKEPT_MOST));
    if (gone.length) await this.remove(...gone.map((run) => run.id));
  }

  /** @param {string} id which stays @returns {Promise<boolean>} whether one was removed */
  async #makeRoom(id) {
    const least = (await this.#precautions()).find((run) => run.id !== id);
    if (least) await this.remove(least.id);
    return least !== undefined;
  }
}

/** The page has its own words for both. @param {unknown} error @param {number} bytes */
function storageError(error, bytes) {
  return error instanceof DOMException && error.name === "QuotaExceededError"
    ? new UnrolledError("storage-full", `no room for ${(bytes / 2 ** 20).toFixed(1)} MB more`, { bytes })
    : new UnrolledError("storage-failed", `nothing could be saved: ${error instanceof Error ? error.message : error}`);
}
