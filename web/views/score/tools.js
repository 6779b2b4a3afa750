/** The score's own controls: how many units, in which order, what a finger does, and which staves. */
import { choice, element } from "../parts/figure.js";

/**
 * @param {any} strings of the score
 * @param {{units: number, order: string}} values at first
 * @param {{units: (units: number) => void, order: (order: any) => void, mark: (on: boolean) => void}} change
 * @param {HTMLElement} staves where the boxes of the staves are
 * @returns {{tools: Node[], chips: HTMLElement}}
 */
export function scoreTools(strings, { units, order }, change, staves) {
  const orders = choice(
    strings.order,
    [
      ["similarity", strings.similarity],
      ["reaction", strings.reaction],
      ["index", strings.index],
    ],
    order,
    change.order,
  );
  const shown = choice(
    strings.units,
    [
      ["16", "16"],
      ["32", "32"],
      ["64", "64"],
      ["0", strings.all],
    ],
    String(units),
    (value) => change.units(Number(value)),
  );
  const mark = element("button", { type: "button", "aria-pressed": "false" }, strings.mark);
  mark.addEventListener("click", () => {
    const on = mark.getAttribute("aria-pressed") === "false";
    mark.setAttribute("aria-pressed", String(on));
    change.mark(on);
  });
  const chips = element("details", { class: "u-staves" }, element("summary", {}, strings.staves), staves);
  chips.open = matchMedia("(min-width: 640px)").matches;
  return { tools: [shown.label, orders.label, mark], chips };
}
