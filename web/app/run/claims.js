/**
 * What is on its way to take the run's place: a text that is read, a saved run, a link. Of several the one that set out
 * last has it, however long each is on its way; should that fail, the one before.
 */

/** @typedef {{over: Promise<any>}} Claim */

export class Claims {
  /** Those that may still come to it, as they set out. @type {Claim[]} */
  #open = [];

  /**
   * @template T
   * @param {() => Promise<T>} load what it takes
   * @param {(loaded: T) => Promise<any>} take its place; gives null where it was refused, and that is told
   * @returns {Promise<any>} what take() gives; false where another has the place. Throws what either throws.
   */
  make(load, take) {
    /** @type {Claim} */ const claim = { over: Promise.resolve() };
    this.#open.push(claim);
    claim.over = this.#settle(claim, load, take);
    return claim.over;
  }

  /** Calls all of them off. */
  drop() {
    this.#open = [];
  }

  /** @template T @param {Claim} claim @param {() => Promise<T>} load @param {(loaded: T) => Promise<any>} take */
  async #settle(claim, load, take) {
    try {
      const loaded = await load();
      for (let last = this.#open.at(-1); last !== claim; last = this.#open.at(-1)) {
        if (!this.#open.includes(claim)) return false;
        await last?.over.catch(() => {});
      }
      const taken = await take(loaded);
      if (taken === null) this.#leave(claim);
      else this.#open.splice(0, this.#open.indexOf(claim) + 1); // those before it have lost it
      return taken;
    } catch (error) {
      if (!this.#open.includes(claim)) return false; // its failure is nobody's any more
      this.#leave(claim);
      throw error;
    }
  }

  /** @param {Claim} claim those before it may have the place */
  #leave(claim) {
    this.#open = this.#open.filter((each) => each !== claim);
  }
}
