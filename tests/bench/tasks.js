/**
 * The tasks of the page's main thread while something is done, in milliseconds of processor time: that the thread waits
 * for the machine is left out; that others fill its caches is not.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<void>} work
 * @returns {Promise<number[]>} longest first
 */
export async function mainThreadTasks(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const thread = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents
      .filter((/** @type {any} */ event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
      .map(thread),
  );
  return traceEvents
    .filter((/** @type {any} */ event) => event.name.endsWith("RunTask") && mains.has(thread(event)))
    .map((/** @type {any} */ event) => (event.tdur ?? 0) / 1000)
    .sort((/** @type {number} */ a, /** @type {number} */ b) => b - a);
}
