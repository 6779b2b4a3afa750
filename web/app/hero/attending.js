/** The first picture of attention: how it is shown, and its words beside those of every network. */
import { attending } from "../../views/unrolled/attention/attention.js";
import en from "../strings/en/attention.js";
import { spoken } from "../strings/tokens.js";
import zh from "../strings/zh/attention.js";

/** @param {import("../page.js").Page} page */
export function attendingOf(page) {
  const { tokenStrings, language } = page;
  const own = spoken({ en, zh }[language], page);
  return {
    manner: attending(own.heads, tokenStrings.figure.list),
    strings: {
      ...tokenStrings,
      unrolled: { ...tokenStrings.unrolled, ...own.unrolled },
      equations: { ...tokenStrings.equations, ...own.equations },
    },
  };
}
