/** What idb-keyval writes to and reads from, in memory: what one transaction does stands whole or not at all, and each
 * waits for the one before. */

export class MemoryStore {
  /** @type {Map<string, any>} */ records = new Map();
  /** Whether it does not take a record under this key. @type {(key: string) => boolean} */ refuses = () => false;
  /** The name of the error then. */ refusal = "QuotaExceededError";
  /** What a transaction that writes waits for before it stands. @type {Promise<void> | null} */ held = null;
  #last = /** @type {Promise<any>} */ (Promise.resolve());

  /** For RunStore. @type {import("idb-keyval").UseStore} */
  use = (mode, work) => {
    const turn = this.#last.then(() => this.#transact(mode, work));
    this.#last = turn.catch(() => {});
    return turn;
  };

  #transact(mode, work) {
    const draft = new Map(this.records);
    const transaction = /** @type {any} */ ({ error: null });
    const answered = (result) => {
      const request = /** @type {any} */ ({ result });
      queueMicrotask(() => request.onsuccess?.());
      return request;
    };
    const end = async () => {
      await this.held;
      if (transaction.error) return transaction.onabort();
      this.records = draft;
      transaction.oncomplete();
    };
    if (mode === "readwrite") setImmediate(end);
    return work({
      transaction,
      get: (key) => answered(structuredClone(draft.get(key))),
      getAllKeys: () => answered([...draft.keys()].sort()),
      delete: (key) => draft.delete(key),
      put: (value, key) => {
        if (this.refuses(key)) transaction.error = new DOMException("no", this.refusal);
        else draft.set(key, structuredClone(value));
      },
    });
  }
}
