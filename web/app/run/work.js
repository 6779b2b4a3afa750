/**
 * What holds the cores beside the run: one experiment at a time. The run rests meanwhile, so that neither disturbs what
 * the other measures, and goes on afterwards. Events: "change" when it begins, ends, or has more to say of itself.
 */

export class Work extends EventTarget {
  /** @type {{name: string, standing: string, control: AbortController} | null} */ current = null;
  /** What trains beside the run, in step with it. @type {{name: string, stop: () => void} | null} */ beside = null;
  #run;
  #again = false;

  /** @param {import("./run.js").Run} run */
  constructor(run) {
    super();
    this.#run = run;
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
    this.#again ||= this.#run.running;
    if (this.#run.running) await this.#run.pause();
    try {
      const say = (/** @type {string} */ standing) => {
        mine.standing = standing;
        if (this.current === mine) this.#tell();
      };
      return await work({ signal: mine.control.signal, say });
    } finally {
      if (this.current === mine) {
        this.current = null;
        this.#tell();
        if (this.#again && !this.#run.running) await this.#run.play();
        this.#again = false;
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
