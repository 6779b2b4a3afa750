/** Keys for the whole page: Space runs and pauses in the lab, F shows a figure on the whole screen. */

const OWN_SPACE =
  "input, textarea, select, button, summary, a, [contenteditable], [role=slider], [role=tab], .u-slow-panel";
const TYPED = "input:not([type=range]), textarea, select, [contenteditable]";

/** @param {import("../page.js").Page} page */
export function listenToKeys(page) {
  addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === " " && !page.state.lesson && !target.closest?.(OWN_SPACE)) {
      event.preventDefault();
      page.attempt(() => page.actions.toggle());
    }
    if (event.key.toLowerCase() === "f" && !event.shiftKey && !target.closest?.(TYPED)) showWhole(figureOf(target));
  });
}

/** The figure that is meant: the one that is focused or pointed at, or else the first in sight. @param {Element} target */
function figureOf(target) {
  const all = [...document.querySelectorAll(".u-figure")];
  return (
    target.closest?.(".u-figure") ??
    all.find((figure) => figure.matches(":hover")) ??
    all.find((figure) => figure.getClientRects().length) ??
    null
  );
}

/** On the whole screen, or back from it. @param {Element | null} figure */
function showWhole(figure) {
  if (document.fullscreenElement) document.exitFullscreen();
  else figure?.requestFullscreen?.().catch(() => {}); // a frame may not
}
