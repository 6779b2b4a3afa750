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
 * @param {HTMLElement} root is emptied first
 * @param {any} strings
 * @param {any} parts the panels by name
 * @param {() => boolean} wanted asked after each frame: false when another layout has begun
 * @returns {Promise<boolean>} whether all is laid out
 */
export async function lay(root, strings, parts, wanted) {
  const stage = h(
    "div",
    { class: "stage" },
    h("p", { class: "lead" }, strings.page.lead),
    parts.transport.element,
    parts.notices.element,
    parts.sample.element,
  );
  const controls = h("aside", { class: "controls", "aria-label": strings.controls.label });
  // A demo inside somebody else's page is not that page's main part.
  const main = h(
    root === document.body ? "main" : "div",
    { id: "main", class: "main", tabindex: "-1" },
    h("div", { class: "hero" }, stage, controls),
  );
  // Not a link to #main: what stands behind "#" is the state.
  const skip = h("button", { type: "button", class: "skip", onclick: () => main.focus() }, strings.page.skip);
  root.replaceChildren(skip, parts.masthead, main);
  await frame();
  if (!wanted()) return false;
  controls.append(parts.text.element, ...parts.controls.elements);
  await frame();
  if (!wanted()) return false;
  stage.append(
    parts.glimpse,
    section("curve", "u-chart-title", strings.chart.title, parts.chart.element),
    parts.numbers.element,
  );
  await frame();
  if (!wanted()) return false;
  main.append(
    parts.inside,
    section(
      "cell-equations",
      "u-equations-title",
      strings.equations.title,
      h("p", { class: "small" }, strings.equations.where),
      parts.equations,
    ),
    section("explanations", "u-learn-title", strings.learn.title, parts.learn),
  );
  root.append(h("footer", {}, h("p", { class: "small" }, strings.page.footer)));
  return true;
}

/** @param {string} name @param {string} id of its title @param {string} title @param {...Node} children */
function section(name, id, title, ...children) {
  return h("section", { class: name, "aria-labelledby": id }, h("h2", { id }, title), ...children);
}
