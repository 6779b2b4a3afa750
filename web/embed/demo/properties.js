/** Options as properties of the element, which say the same as its attributes. */
import { attributeOf, NAMES, propertyOf, readAttributes, textOf } from "../options.js";

/**
 * `lang` is HTML's own, and means the same there; `text` is more than its attribute.
 * @param {HTMLElement} prototype of the element
 */
export function reflect(prototype) {
  for (const name of NAMES.filter((each) => each !== "lang" && each !== "text")) {
    const attribute = attributeOf(name);
    /** @type {PropertyDescriptor & ThisType<HTMLElement>} */
    const accessor = {
      configurable: true,
      get() {
        return propertyOf(name, readAttributes(this)[name] ?? null);
      },
      set(value) {
        const text = textOf(value);
        if (text === null) this.removeAttribute(attribute);
        else this.setAttribute(attribute, text);
      },
    };
    Object.defineProperty(prototype, name.toLowerCase(), accessor); // as Solid has it
    Object.defineProperty(prototype, name, { ...accessor, enumerable: true });
  }
}

/** Takes properties that were set before the browser knew the element. @param {HTMLElement} element */
export function takeEarly(element) {
  for (const name of NAMES.filter((each) => Object.hasOwn(element, each))) {
    const value = Reflect.get(element, name);
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}

/**
 * HTML's own `hidden`, unless it is a number of units, as it once was; that is seen, whatever a host's styles make of it.
 * @param {HTMLElement} element @param {string | null} before @param {string | null} now
 * @returns {boolean} whether it is, or was, units
 */
export function takeHidden({ style }, before, now) {
  const [were, are] = [before, now].map((value) => /\d/.test(value ?? ""));
  if (are) style.setProperty("display", "block", "important");
  else if (were) style.removeProperty("display");
  return were || are;
}
