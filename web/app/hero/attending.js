/** The first picture of attention: how it is shown, and its words beside those of every network. */
import { attending } from "../../views/unrolled/attention/attention.js";
import en from "../strings/en/attention.js";
import { inTokens } from "../strings/tokens.js";
import zh from "../strings/zh/attention.js";

/** @param {import("../page.js").Page} page */
export function attendingOf(page) {
  const { strings, tokenStrings, tokens, language } = page;
  const words = { en, zh }[language];
  const own = tokens === "char" ? words : inTokens({ tokenWords: strings.tokenWords, ...words });
  return {
    manner: attending(own.heads, tokenStrings.figure.list),
    strings: {
      ...tokenStrings,
      unrolled: { ...tokenStrings.unrolled, ...own.unrolled },
      equations: { ...tokenStrings.equations, ...own.equations },
    },
  };
}
