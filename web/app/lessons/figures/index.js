import { Curve } from "./curve.js";
import { Gates, Triangle } from "./maps.js";
import { Slow } from "./slow.js";
import { Sweep } from "./sweep.js";
import { Line, Passage, Samples, Table, Update } from "./reading.js";

/** Figures by their kind. @type {Record<string, new (context: import("./frame.js").Context) => { root: HTMLElement, draw: (scene: import("./frame.js").Scene) => void }>} */
export const FIGURES = {
  curve: Curve,
  line: Line,
  samples: Samples,
  triangle: Triangle,
  gates: Gates,
  table: Table,
  passage: Passage,
  update: Update,
  slow: Slow,
  sweep: Sweep,
};
