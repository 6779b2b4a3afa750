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
  /** @type {Promise<WorkerLink>[]} */ #links = [];
  #opened = 0;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** @param {object} settings with their text @returns {Promise<TrainerClient>} */
  open = async (settings) => {
    const { worker } = this.#host;
    const at = worker.openLink ? 0 : this.#opened++ % WORKERS;
    this.#links[at] ??=
      worker.openLink?.() ?? WorkerLink.open({ ...worker, core: { ...worker.core, variant: "simd" } });
    const client = await TrainerClient.create(settings, { link: await this.#links[at], snapshotBudget: 0 });
    await client.watch({ evaluateEvery: 0 });
    return client;
  };

  /** @param {import("../../lessons/lesson.js").TextSpec} source */
  read = async ({ sample = "moby-dick", reader }) =>
    (reader ? this.#host.readerText() : null) ?? this.#host.readSample(sample);

  dispose() {
    if (this.#host.worker.openLink) return; // the host's own
    for (const link of this.#links)
      link?.then(
        (each) => each.close(),
        () => {},
      );
    this.#links = [];
  }
}
