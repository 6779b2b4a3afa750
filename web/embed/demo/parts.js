/** Names for `::part()`, by what they stand for inside. */
/** @type {Record<string, string>} */
export const PARTS = {
  transport: ".transport",
  button: "button",
  primary: ".primary",
  status: ".count",
  notice: ".notice",
  views: ".stack",
  figure: ".u-figure",
  unrolled: ".hero",
  sample: ".sample",
  loss: ".curve",
  numbers: ".numbers",
  text: '[data-group="text"]',
  settings: ".controls",
  probe: ".u-probe",
  caption: ".caption",
  score: ".u-score",
  flow: ".u-flow",
  gates: ".u-gates",
  clip: ".u-clip",
  travel: ".u-travel",
  compare: ".u-compare",
  slow: ".u-slow",
  check: ".u-check",
  held: ".u-held",
  costs: ".u-costs, .u-units",
  passages: "figure.u-passages",
  memory: ".u-halflife",
  context: ".u-context",
  path: ".u-path",
  difference: ".u-difference",
  equations: ".cell-equations",
  learn: ".explanations",
};

/** @param {ParentNode} root */
export function nameParts(root) {
  for (const [name, selector] of Object.entries(PARTS))
    for (const part of root.querySelectorAll(selector)) part.part.add(name);
}
