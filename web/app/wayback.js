/** The way back to a run that another takes the place of: nothing that was trained is lost by looking at something else. */

/**
 * @param {import("./page.js").Page} page
 * @returns {Promise<() => Promise<void>>} goes on with the network as it is now, and with its losses so far
 */
export async function wayBack(page) {
  const { run, state } = page;
  const { text } = run, source = state.text;
  const { stride, steps, losses, evaluations } = structuredClone(run.history);
  const bytes = await /** @type {import("../worker/client.js").TrainerClient} */ (run.client).save();
  return () => page.resume(bytes, { text: text || undefined, source: state.text === source ? undefined : source, history: { stride, steps, losses, evaluations } });
}
