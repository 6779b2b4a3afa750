/** Every figure of the dock by name, loaded when it is first in view, and the rows its tabs stand in. */

/** @typedef {{open: (root: HTMLElement, page: import("../page.js").Page) => import("./dock.js").Pane | void}} Opener */

/** @type {Record<string, () => Promise<Opener>>} */
export const FIGURES = {
  loss: () => import("../progress/loss.js"),
  score: () => import("../inside/score.js"),
  flow: () => import("../inside/flow.js"),
  gates: () => import("../inside/gates.js"),
  clip: () => import("../inside/clip.js"),
  slow: async () => ({ open: (await import("../inside/copies.js")).openSlow }),
  check: async () => ({ open: (await import("../inside/copies.js")).openCheck }),
  compare: () => import("../inside/compare.js"),
  sweep: () => import("../practice/sweep.js"),
  overfitting: () => import("../practice/overfitting.js"),
  schedule: () => import("../practice/schedule.js"),
  document: () => import("../practice/document.js"),
  tokens: () => import("../practice/tokens.js"),
  fill: () => import("../practice/fill.js"),
  held: () => import("../apart/held.js"),
  costs: () => import("../apart/costs.js"),
  passages: () => import("../apart/passages.js"),
  memory: () => import("../apart/memory.js"),
  context: () => import("../apart/context.js"),
  path: () => import("../apart/path.js"),
  difference: () => import("../apart/difference.js"),
  equations: () => import("../settings/equations.js"),
  learn: () => import("../settings/learn.js"),
  keep: () => import("../keep/panel.js"),
};

export const GROUPS = {
  inside: ["score", "flow", "gates", "clip", "slow", "check", "loss"],
  apart: ["held", "costs", "passages", "memory", "context", "path", "difference"],
  try: ["compare", "sweep", "overfitting", "schedule", "document", "tokens", "fill"],
  keep: ["keep"],
};
