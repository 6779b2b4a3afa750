/** What a reader has been through, kept where the browser allows it; where not, it is forgotten with the page. */

const KEY = "unrolled.lessons";

/** @returns {Record<string, { bet?: any, done?: boolean, checked?: string }>} */
export function readProgress() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

/** @param {string} name of a lesson @param {object} changes */
export function noteProgress(name, changes) {
  try {
    const all = readProgress();
    localStorage.setItem(KEY, JSON.stringify({ ...all, [name]: { ...all[name], ...changes } }));
  } catch {
    // a frame without storage, or a full one
  }
}
