/**
 * To be imported before uPlot, which makes a number format of navigator.language when it is loaded: in a system without
 * a language WebKit says "C" there, which no format takes, and the whole page would end with it.
 */
try {
  new Intl.NumberFormat(globalThis.navigator?.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
