/**
 * What holds the cores beside the run: one experiment at a time. The run rests meanwhile, whatever would have it train,
 * so that neither disturbs what the other measures, and goes on afterwards. Events: "change" when it begins, ends, or has
 * more to say of itself.
 */

export class Work extends EventTarget {
  /** @type {{name: string, standing: string, control: AbortController} | null} */ current = null;
  /** What trains beside the run, in step with it. @type {{name: string, stop: () => void} | null} */ beside = null;
  #run;
  #again = false;
  /** Resolves when the run rests. @type {Promise<void>} */ #resting = Promise.resolve();

  /** @param {import("./run.js").Run} run */
  constructor(run) {
    super();
    this.#run = run;
    run.addEventListener("running", () => this.current && this.#rest());
  }

  /**
   * Does a piece of work, as soon as a run stands to do it beside. One that was under way is called off.
   * @template T
   * @param {string} name
   * @param {(about: {signal: AbortSignal, say: (standing: string) => void}) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async do(name, work) {
    this.stop();
    const mine = { name, standing: "", control: new AbortController() };
    this.current = mine;
    this.#tell();
    await this.#standing(mine.control.signal);
    await this.#rest();
    try {
      const say = (/** @type {string} */ standing) => {
        mine.standing = standing;
        if (this.current === mine) this.#tell();
      };
      return await work({ signal: mine.control.signal, say });
    } finally {
      if (this.current === mine) {
        this.current = null;
        const again = this.#again;
        this.#again = false;
        this.#tell();
        if (again && !this.#run.running) await this.#run.play();
      }
    }
  }

  /** Calls it off. */
  stop() {
    this.current?.control.abort();
  }

  /** @param {Work["beside"]} beside */
  setBeside(beside) {
    this.beside = beside;
    this.#tell();
  }

  /** The run is to go on when all is done. */
  #rest() {
    if (this.#run.running) {
      this.#again = true;
      this.#resting = this.#run.pause().catch(() => {}); // a worker that is gone trains no more
    }
    return this.#resting;
  }

  /** Resolves when there is a run, or the work is called off. @param {AbortSignal} signal */
  async #standing(signal) {
    if (this.#run.client) return;
    await new Promise((done) => {
      this.#run.addEventListener("run", done, { once: true, signal });
      signal.addEventListener("abort", done, { once: true });
    });
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
