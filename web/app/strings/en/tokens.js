/** Words of the panel of tokens. */
export default {
  body: [
    "A network reads ids; what one id stands for is a choice. Characters give a small vocabulary (Chinese has thousands) and long sequences, words a large one and short sequences, graphemes hold together what is seen as one sign. Spaces and punctuation are tokens as well, so a text comes back from its ids exactly.",
  ],
  kind: "A token is",
  kinds: { char: "a character", grapheme: "a grapheme", word: "a word" },
  minCount: "Comes at least … times",
  lowerCase: "Small letters only",
  take: "Learn with these tokens above",
  takeChars: "Take characters",
  caption: "The most frequent tokens; ␣ is a space, ↵ a line end",
  ranks: "The most frequent tokens, {from} to {to}",
  heads: ["token", "count", "share"],
  facts: "{total} tokens, {distinct} different.",
  factsRare:
    "{total} tokens, {distinct} different. {kept} come often enough and stay; the others, {rare} tokens or {share}, become <unk>.",
  many: "With {distinct} different tokens, an embedding of {width} numbers for each is taken in place of one-hot input.",
  badCount: "The least count is a whole number from 1; {value} is not.",
  noSegmenter:
    "This browser cannot cut a text into words or graphemes: it has no Intl.Segmenter. Characters work everywhere.",
  stopTitle: "Stop words",
  stopBody: [
    "Words like “the” and “of” say little about a text’s subject. To count words or to classify texts, one leaves them out, by a list. A network that is to write needs them: without them the text is no longer language, and neither is what it learns. See for yourself:",
  ],
  language: "List",
  languages: { en: "English", zh: "Chinese" },
  name: "stop words",
  start: "Count and train with and without",
  cancel: "Stop",
  cancelled: "Stopped.",
  done: "",
  working: "{side}: epoch {epoch} of {epochs}.",
  removed: "{removed} of {words} words were stop words. Both networks are the same and learnt for as many epochs.",
  sides: { with: "With stop words", without: "Without" },
  common: "Most frequent words: {words}.",
  writes: "What a network of words writes after reading this",
};
