/** Holds a lesson to lesson.js: what it names must be there. Tests run it over every lesson; who writes one reads its sentences. */
import { UnrolledError } from "../core/errors.js";
import { compile } from "./run/expression.js";
import { measureKinds } from "./run/measures/index.js";
import { namesIn } from "./run/sentence.js";

/** @typedef {import("./lesson.js").Lesson} Lesson */

/** Of the run itself. */
const OWN = ["over"];
const FIGURES = ["curve", "line", "samples", "triangle", "gates", "table", "passage", "update", "slow", "sweep"];
/** Of them, those whose colours are a scale. */
const MAPS = ["triangle", "gates"];

/** @param {Lesson} lesson */
export function checkLesson(lesson) {
  const {
    name,
    networks,
    words,
    measures,
    figures,
    bet,
    events,
    answer,
    change,
    check,
    lab,
    claims,
    moments = {},
  } = lesson;
  const refuse = (/** @type {string} */ what) => {
    throw new UnrolledError("bad-lesson", `The lesson "${name}" ${what}.`);
  };
  if (!/^[a-z]+$/.test(name)) refuse("must be named in small letters, for its name stands in the address");
  if (!networks[lab]) refuse(`opens the network "${lab}" in the lab, which it does not train`);
  for (const { kind } of measures)
    if (!measureKinds.includes(kind)) refuse(`asks for the measure "${kind}"; there are ${measureKinds.join(", ")}`);

  const known = (/** @type {string} */ full) => OWN.includes(full) || full in moments || full.split(".")[0] in networks;
  const conditions = [
    ...claims,
    ...(lesson.short?.claims ?? []),
    ...Object.values(moments),
    ...Object.values(networks).map(({ until }) => until),
    ...[...events, ...answer, ...change.say, ...(bet.outcome ?? [])].map(({ when }) => when),
  ].filter((when) => when !== undefined);
  for (const condition of conditions)
    for (const each of compile(condition).names)
      if (!known(each)) refuse(`speaks of ${each} in "${condition}", and has no such network`);
  for (const [list, what] of /** @type {[{ when?: string }[], string][]} */ ([
    [answer, "answer"],
    [change.say, "sentence after a change"],
  ]))
    if (list.at(-1)?.when !== undefined) refuse(`needs an ${what} that always holds, at the end of its list`);

  for (const language of /** @type {const} */ (["en", "zh"])) {
    const { say, figures: captions, networks: names, bet: bets, change: changes, check: checks } = words[language];
    const { published = "" } = words[language];
    const needs = (/** @type {Record<string, any>} */ where, /** @type {string} */ key, /** @type {string} */ what) => {
      if (!where[key]) refuse(`has no words for ${what} "${key}" (${language})`);
    };
    for (const network of Object.keys(networks)) needs(names, network, "the network");
    for (const { kind, name: figure } of figures) {
      if (!FIGURES.includes(kind)) refuse(`wants a figure "${kind}"; there are ${FIGURES.join(", ")}`);
      needs(captions, figure, "the figure");
      if (MAPS.includes(kind)) needs(captions[figure], "scale", `the figure "${figure}":`);
    }
    for (const each of [...events, ...answer, ...change.say]) needs(say, each.say, "the sentence");
    for (const option of bet.options ?? []) needs(bets, option, "the bet");
    for (const { is } of bet.outcome ?? [])
      if (!bet.options?.includes(is)) refuse(`has the outcome "${is}", on which nobody can bet`);
    for (const option of change.options) needs(changes, option.name, "the change");
    for (const option of check.options) needs(checks, option, "the check's answer");
    if (!check.options.includes(check.right)) refuse(`has the right answer "${check.right}", which cannot be chosen`);
    for (const sentence of [...Object.values(say), ...Object.values(captions).map(({ says = "" }) => says), published])
      for (const each of namesIn(sentence.replace(/\{\w+\.name\}/g, "")))
        if (!known(each)) refuse(`says {${each}} in "${sentence}", and has no such network`);
  }
}
