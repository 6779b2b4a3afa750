/** Elements without markup: text from outside only ever becomes text. */

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] a function under `onclick` listens; true and false set or leave out;
 * `value` is the property
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any} the element
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") /** @type {any} */ (element).value = value;
    else if (name === "style")
      element.style.cssText = value; // an attribute could be forbidden by the page's policy
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

/** Says it in an element, which is left as it is where it says so already. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Puts values into a sentence: fill("{n} steps", { n: 3 }).
 * @param {string} sentence @param {Record<string, string | number>} [values]
 */
export function fill(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}
