/**
 * Where the panels stand. They are laid out top to bottom, a part in each frame, so that nothing seen moves and no
 * frame is long.
 */
import { h } from "./dom.js";

/** The next frame, or a little later where none is drawn. */
export const frame = () =>
  new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 50);
  });

/**
 * @param {import("../page.js").Page} page its root is emptied first
 * @param {any} parts the panels by name
 * @param {() => boolean} wanted asked after each frame: false when another layout has begun
 * @returns {Promise<boolean>} whether all is laid out
 */
export async function lay({ root, isSite, strings, dock, notices }, parts, wanted) {
  const stage = h("div", { class: "stage" });
  // A demo has a bar of its own.
  if (!isSite) stage.append(notices.element, parts.bar.scrubber);
  const lab = h("div", { class: "lab" }, stage, parts.sheet.element);
  // A demo inside somebody else's page is not that page's main part.
  const main = h(isSite ? "main" : "div", { id: "main", class: "main", tabindex: "-1" }, lab);
  // Not a link to #main: what stands behind "#" is the state.
  const skip = h("button", { type: "button", class: "skip", onclick: () => main.focus() }, strings.page.skip);
  for (const put of [
    () => root.replaceChildren(skip, parts.masthead, isSite ? parts.bar.element : "", main),
    () => stage.append(parts.hero, parts.probe, parts.sample.element),
    () => parts.sheet.lay(isSite, parts.text.element, ...parts.controls.elements),
    () => {
      stage.append(dock.element);
      root.append(h("footer", {}, h("p", { class: "small" }, strings.page.footer)));
    },
  ]) {
    put();
    await frame();
    if (!wanted()) return false;
  }
  return true;
}
