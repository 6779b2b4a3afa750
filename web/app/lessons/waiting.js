/** When the next round of a run may begin: it is seen, there was a bet, it is not paused, and where the reader leads, they went on. */

export class Waiting {
  /** Whether there was a bet. */ begun = false;
  paused = false;
  #hidden = false;
  #asked = false;
  /** @type {(() => void) | null} */ #wake = null;

  /** @param {boolean} hidden */
  setHidden(hidden) {
    this.#hidden = hidden;
    this.wake();
  }

  begin() {
    this.begun = true;
    this.wake();
  }

  pause() {
    this.paused = !this.paused;
    this.wake();
  }

  /** The reader asks for the next round. */
  ask() {
    this.#asked = true;
    this.wake();
  }

  wake() {
    this.#wake?.();
  }

  /** @param {() => boolean} wanted false: nobody waits any more @param {{ led: boolean, ahead: boolean }} round ahead: it needs no bet */
  async until(wanted, { led, ahead }) {
    while (wanted() && (this.#hidden || this.paused || !(this.begun || ahead) || (led && !this.#asked)))
      await new Promise((done) => {
        this.#wake = () => done(undefined);
      });
    this.#asked = false;
  }
}
