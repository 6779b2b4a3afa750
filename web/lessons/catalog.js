/** The experiments in their order: a new one is written in data/, and named here. */
import byheart from "./data/byheart.js";
import choosing from "./data/choosing.js";
import clipping from "./data/clipping.js";
import emerging from "./data/emerging.js";
import exploding from "./data/exploding.js";
import forgetting from "./data/forgetting.js";
import meaning from "./data/meaning.js";
import remembering from "./data/remembering.js";
import truncating from "./data/truncating.js";
import updating from "./data/updating.js";

/** @type {readonly import("./lesson.js").Lesson[]} */
export const LESSONS = Object.freeze([
  emerging,
  updating,
  forgetting,
  remembering,
  exploding,
  clipping,
  truncating,
  meaning,
  byheart,
  choosing,
]);
