/**
 * Where a lesson runs in a page: two workers of its own, or a place in one that the host shares, each with the core that
 * gives the same bits everywhere.
 */
import { TrainerClient, WorkerLink } from "../../worker/client.js";

/**
 * @typedef {object} Host what a page gives the player
 * @property {import("../../worker/client.js").WorkerOptions & { openLink?: () => Promise<WorkerLink> }} worker
 * @property {(sample: string) => Promise<string>} readSample a sample text of the page
 * @property {() => string | null} readerText what the reader last learnt in the lab
 */

const WORKERS = 2;

export class PageWorld {
  #host;
  /** @type {(Promise<WorkerLink> | null)[]} */ #links = [];
  #opened = 0;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** @param {object} settings with their text @returns {Promise<TrainerClient>} */
  open = async (settings) => {
    const { worker } = this.#host;
    const at = worker.openLink ? 0 : this.#opened++ % WORKERS;
    const opening = (this.#links[at] ??=
      worker.openLink?.() ?? WorkerLink.open({ ...worker, core: { ...worker.core, variant: "simd" } }));
    const forget = () => {
      if (this.#links[at] !== opening) return;
      this.#links[at] = null; // the next network has another worker
      if (!worker.openLink) close(opening);
    };
    try {
      const client = await TrainerClient.create(settings, { link: await opening, snapshotBudget: 0 });
      client.addEventListener("crashed", forget);
      await client.watch({ evaluateEvery: 0 });
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  };

  /** @param {import("../../lessons/lesson.js").TextSpec} source */
  read = async ({ sample = "moby-dick", reader }) =>
    (reader ? this.#host.readerText() : null) ?? this.#host.readSample(sample);

  dispose() {
    if (this.#host.worker.openLink) return; // the host's own
    for (const link of this.#links) if (link) close(link);
    this.#links = [];
  }
}

/** @param {Promise<WorkerLink>} opening */
function close(opening) {
  opening.then(
    (link) => link.close(),
    () => {},
  );
}
