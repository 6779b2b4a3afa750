/** The figures of the inside, from top to bottom. */
import { CheckView } from "../../views/figures/check.js";
import { ClipView } from "../../views/figures/clip.js";
import { readPalette } from "../../views/parts/colours.js";
import { CompareView } from "../../views/figures/compare.js";
import { FlowView } from "../../views/figures/flow.js";
import { GatesView } from "../../views/figures/gates.js";
import { ScoreView } from "../../views/score/score.js";
import { SlowView } from "../../views/figures/slow.js";
import { TravelView } from "../../views/figures/travel.js";
import { h } from "../shell/dom.js";
import { ProbeText } from "./probetext.js";

const NARROW = "(max-width: 40rem)";

/** Of the score, what a first look shows: the text and the state. */
const NO_GLIMPSE = ["top", "loss", "cell", "i", "f", "g", "o", "r", "z", "n", "gradient"];

/**
 * @param {HTMLElement} root is filled
 * @param {HTMLElement | null} first where a first look has its place
 * @param {any} strings
 * @param {{chosen: string | undefined, change: (text: string) => void}} probe the user's text to look into, and what to
 * do with another
 */
export function layFigures(root, first, strings, { chosen, change }) {
  const narrow = matchMedia(NARROW).matches;
  const options = { strings, palette: readPalette(root) };
  const probe = new ProbeText(strings.inside, { length: narrow ? 80 : 112, chosen }, change);
  const title = h("h2", { id: "u-inside-title", tabindex: "-1" }, strings.inside.title);
  root.setAttribute("aria-labelledby", "u-inside-title");
  root.replaceChildren(title, h("p", { class: "small" }, strings.inside.lead), probe.element);
  const room = () => root.appendChild(h("div"));
  first?.replaceChildren();
  const glimpse =
    first &&
    new ScoreView(first, {
      ...options,
      name: "glimpse",
      strings: {
        ...strings,
        score: {
          ...strings.score,
          title: strings.inside.glimpse,
          cursor: `${strings.inside.glimpse}. ${strings.score.cursor}`,
        },
      },
      units: narrow ? 12 : 24,
      closed: NO_GLIMPSE,
      compact: true,
    });
  glimpse?.figure.root
    .querySelector(".u-head")
    ?.append(h("button", { type: "button", class: "quiet", onclick: () => title.focus() }, strings.inside.lookInside));
  return {
    probe,
    ...(glimpse && { glimpse }),
    travel: new TravelView(room(), options),
    score: new ScoreView(room(), { ...options, units: narrow ? 16 : 32, closed: narrow ? ["i", "g", "o", "r"] : [] }),
    flow: new FlowView(room(), options),
    clip: new ClipView(room(), options),
    gates: new GatesView(room(), options),
    compare: new CompareView(room(), { ...options, units: narrow ? 12 : 24 }),
    slow: new SlowView(room(), options),
    check: new CheckView(room(), options),
  };
}
