/**
 * What a page whose policy says require-trusted-types-for 'script' wants of who writes markup or opens workers: the
 * demo's are its own, and come from nowhere else.
 */

/** @type {{createHTML: (text: string) => any, createScriptURL: (address: string) => any} | null} */
const policy = makePolicy();

function makePolicy() {
  const same = (/** @type {string} */ text) => text;
  try {
    return /** @type {any} */ (globalThis).trustedTypes?.createPolicy("unrolled", {
      createHTML: same,
      createScriptURL: same,
    });
  } catch {
    return null; // the page's policy does not name ours; what comes of it is told when the worker cannot be opened
  }
}

/** @param {string} text @returns {string} */
export const trustedMarkup = (text) => policy?.createHTML(text) ?? text;

/** @param {string} address @returns {string} */
export const trustedScript = (address) => policy?.createScriptURL(address) ?? address;
