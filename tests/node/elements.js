/**
 * Elements for figures that are drawn in Node: they know what was put into them, who listens and how large they are told
 * to be; what is painted on their canvases is not kept.
 */

const WIDTH = 900;

/** Takes whatever is done with it. */
const pen = () =>
  new Proxy(/** @type {any} */ ({}), {
    get: (own, name) => own[name] ?? SEEN[name] ?? (() => {}),
  });
const SEEN = {
  measureText: (text) => ({ width: 7 * text.length }),
  getImageData: (_x, _y, width, height) => new Picture(width, height),
};

class Picture {
  constructor(width, height) {
    Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
  }
}

export class Element extends EventTarget {
  children = [];
  parentElement = null;
  dataset = {};
  hidden = false;
  clientWidth = WIDTH;
  clientHeight = 600;
  scrollLeft = 0;
  style = { setProperty() {} };
  #attributes = new Map();
  #pen = pen();

  constructor(tag) {
    super();
    this.tag = tag;
  }

  get ownerDocument() {
    return document;
  }
  get isConnected() {
    return this.parentElement !== null;
  }
  get firstElementChild() {
    return this.children.find((child) => child instanceof Element) ?? null;
  }
  get lastChild() {
    return this.children.at(-1);
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.replaceChildren(text);
  }
  get classList() {
    const names = new Set((this.getAttribute("class") ?? "").split(" "));
    const keep = () => this.setAttribute("class", [...names].join(" "));
    return {
      add: (name) => (names.add(name), keep()),
      contains: (name) => names.has(name),
      toggle: (name, on = !names.has(name)) => (on ? names.add(name) : names.delete(name), keep()),
    };
  }

  setAttribute(name, value) {
    this.#attributes.set(name, String(value));
  }
  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }
  removeAttribute(name) {
    this.#attributes.delete(name);
  }

  #put(at, children) {
    for (const child of children) if (child instanceof Element) child.remove(), (child.parentElement = this);
    this.children.splice(at, 0, ...children);
  }
  append(...children) {
    this.#put(this.children.length, children);
  }
  prepend(...children) {
    this.#put(0, children);
  }
  before(...children) {
    this.parentElement.#put(this.parentElement.children.indexOf(this), children);
  }
  after(...children) {
    this.parentElement.#put(this.parentElement.children.indexOf(this) + 1, children);
  }
  replaceChildren(...children) {
    for (const child of this.children) if (child instanceof Element) child.parentElement = null;
    this.children = [];
    this.append(...children);
  }
  remove() {
    const { children = [] } = this.parentElement ?? {};
    if (this.parentElement) children.splice(children.indexOf(this), 1);
    this.parentElement = null;
  }

  /** Of a tag, or of a class. */
  querySelectorAll(selector) {
    const isOne = (each) =>
      selector.startsWith(".") ? each.classList.contains(selector.slice(1)) : each.tag === selector;
    const below = this.children.filter((child) => child instanceof Element);
    return below.flatMap((child) => [...(isOne(child) ? [child] : []), ...child.querySelectorAll(selector)]);
  }
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
  contains(other) {
    return other === this || this.children.some((child) => child instanceof Element && child.contains(other));
  }
  matches() {
    return false;
  }
  scrollIntoView() {}
  getBoundingClientRect() {
    return { left: 0, top: 0, width: this.clientWidth, height: this.clientHeight };
  }
  getContext() {
    return this.#pen;
  }
}

/** Something a reader does: an event with what it says. */
export const act = (target, name, what = {}) => target.dispatchEvent(Object.assign(new Event(name), what));

Object.assign(globalThis, {
  document: Object.assign(new Element("document"), { createElement: (tag) => new Element(tag) }),
  window: globalThis,
  devicePixelRatio: 1,
  matchMedia: () => ({ matches: false }),
  getComputedStyle: () => ({}),
  requestAnimationFrame: (draw) => setTimeout(draw),
  cancelAnimationFrame: clearTimeout,
  ImageData: Picture,
  ResizeObserver: class {
    #seen;
    constructor(seen) {
      this.#seen = seen;
    }
    observe() {
      queueMicrotask(() => this.#seen([]));
    }
    disconnect() {}
  },
});
