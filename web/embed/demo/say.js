/** What a demo says, as a sentence in it, of what it could not take and of what failed. */
import { UnrolledError } from "../../core/errors.js";
import { explain } from "../../app/settings/explain.js";
import { format } from "../../app/shell/format.js";
import { loadStrings } from "../../app/strings/index.js";
import { explainPolicy } from "./policy.js";
import { policySentence, refusal, wordsOf } from "./words.js";

/** @typedef {import("../../app/shell/notices.js").Notices} Notices */
/** @typedef {{code: string, message: string}} Told */

/**
 * @param {Notices} notices @param {import("../options.js").Problem | UnrolledError} problem
 * @param {"en" | "zh"} language @returns {Promise<Told>}
 */
export async function sayRefused(notices, problem, language) {
  const strings = await loadStrings(language);
  const told = problem instanceof UnrolledError;
  const message = told ? explain(strings, problem, format) : refusal(wordsOf(language), problem);
  notices.strings = strings.notice;
  notices.show(message, { kind: "error" });
  return { code: told ? problem.code : "bad-option", message };
}

/**
 * Where it is the host's policy, it is said in place of all else what that lacks.
 * @param {Notices} notices @param {Told} error @param {"en" | "zh"} language @returns {Promise<Told>}
 */
export async function sayFailed(notices, { code, message }, language) {
  const forbidden = await explainPolicy({ code });
  if (!forbidden) return { code, message };
  const sentence = policySentence(wordsOf(language), forbidden);
  notices.element.replaceChildren();
  notices.show(sentence, { kind: "error" });
  return { code, message: sentence };
}
