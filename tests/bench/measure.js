/* Times what is asked for, in Node as in a page's worker. The machine may be busy with other things: everything is
 * timed several times in turns, and the fastest counts, so that figures of one run can be compared. */
import { Trainer } from "../../web/core/index.js";
import { SAMPLERS, WORKLOADS, sampleFlops, settingsOf, updateFlops } from "./workloads.js";

/** @typedef {import("../../web/core/index.js").Core} Core */
/** @typedef {{ name: string, best: number, work: number, run: (times: number) => unknown, dispose?: () => void, times?:
 * number }} Contender
 *   run: does its work so often; best: milliseconds for once; work: milliseconds of processor time of its busiest
 *   thread */
/** @typedef {() => Record<string, number>} ThreadTimes milliseconds of processor time by thread */

/**
 * @param {Contender[]} contenders
 * @param {{ turns: number, milliseconds: number, threadTimes?: ThreadTimes }} effort how often each is timed, and about
 * how long each time
 */
export async function race(contenders, { turns, milliseconds, threadTimes = () => ({}) }) {
  for (const contender of contenders) {
    await contender.run(1); // fresh code and fresh memory
    const start = performance.now();
    await contender.run(1);
    contender.times = Math.max(1, Math.round(milliseconds / Math.max(performance.now() - start, 0.05)));
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const contender of contenders) {
      const { run, times = 1 } = contender,
        before = threadTimes(),
        start = performance.now();
      await run(times);
      contender.best = Math.min(contender.best, (performance.now() - start) / times);
      const spent = Object.entries(threadTimes()).map(([thread, time]) => time - (before[thread] ?? 0));
      contender.work = Math.min(contender.work, Math.max(...spent) / times);
    }
  }
  for (const { dispose } of contenders) dispose?.();
}

/** @param {Core} core @param {any} settings @param {string} name @returns {Contender} an update */
export function updates(core, settings, name) {
  const trainer = new Trainer(core, settings);
  return { name, best: Infinity, work: Infinity, run: (n) => trainer.step(n), dispose: () => trainer.dispose() };
}

const SPINS = 1e6;
export const SAMPLE = 100; // characters

/** @param {Uint8Array} bytes @returns {Promise<Contender>} the machine's peak */
async function spinning(bytes) {
  const { instance } = await WebAssembly.instantiate(/** @type {any} */ (bytes));
  const spin = /** @type {any} */ (instance.exports.spin);
  return { name: "peak", best: Infinity, work: Infinity, run: (n) => spin(n * SPINS) };
}

/**
 * @typedef {{ name: string, milliseconds: number, perSecond: number, gflops: number, peakShare: number, twoCores?:
 * number, twoCoresWork?: number }} Figure perSecond: characters; twoCores: speed-up; twoCoresWork: in processor time
 */

/**
 * Updates and samples a second, beside the peak.
 * @param {Core} core
 * @param {{ peak: Uint8Array, flopsATurn: number, only: string[], turns: number, milliseconds: number, threadTimes?:
 * ThreadTimes, workers?: number, workerUrl?: any }} options
 *   workers: also timed with so many threads
 * @returns {Promise<{ peak: number, figures: Figure[] }>} GFLOP/s
 */
export async function measure(core, { peak, flopsATurn, only, workers, workerUrl, ...effort }) {
  const wanted = (/** @type {{ name: string }} */ { name }) =>
    !only.length || only.some((start) => name.startsWith(start));
  const spin = await spinning(peak);
  const contenders = [spin];
  /** @type {{ name: string, flops: number, characters: number, alone: Contender, shared?: Contender }[]} */
  const entries = [];
  for (const workload of WORKLOADS.filter(wanted)) {
    const settings = settingsOf(workload),
      { name, batch, seqLen } = workload;
    const alone = updates(core, settings, name);
    const shared = workers && batch >= 32 ? updates(core, { ...settings, workers, workerUrl }, name) : undefined;
    contenders.push(alone, ...(shared ? [shared] : []));
    entries.push({ name, flops: updateFlops(workload), characters: batch * seqLen, alone, shared });
    // until its threads are ready
    for (let i = 0; shared && i < 20; i++) await shared.run(1), await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const workload of SAMPLERS.filter(wanted)) {
    const trainer = new Trainer(core, settingsOf(workload));
    const alone = {
      name: workload.name,
      best: Infinity,
      work: Infinity,
      run: (/** @type {number} */ n) => trainer.sample({ length: n * SAMPLE, probabilities: false }),
      dispose: () => trainer.dispose(),
    };
    contenders.push(alone);
    entries.push({ name: workload.name, flops: SAMPLE * sampleFlops(workload), characters: SAMPLE, alone });
  }
  await race(contenders, effort);
  const peakGflops = (SPINS * flopsATurn) / spin.best / 1e6;
  const figures = entries.map(({ name, flops, characters, alone, shared }) => {
    const gflops = flops / alone.best / 1e6;
    return {
      name,
      milliseconds: alone.best,
      perSecond: (1000 * characters) / alone.best,
      gflops,
      peakShare: gflops / peakGflops,
      ...(shared && {
        twoCores: alone.best / shared.best,
        ...(Number.isFinite(shared.work) && { twoCoresWork: alone.work / shared.work }),
      }),
    };
  });
  return { peak: peakGflops, figures };
}
