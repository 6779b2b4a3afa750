/**
 * Settings with a purpose, for the page and the command line alike. Flat names; what is not named is at its default.
 */

/** @typedef {{ settings: Readonly<Record<string, any>>, epochs: number }} Preset */

/** Characters of a text that the preset "overfitting" learns: few enough to be learnt by heart in a minute. */
export const OVERFITTING_LENGTH = 12_000;

/** @type {Readonly<Record<"document" | "overfitting", Preset>>} */
export const PRESETS = Object.freeze({
  // The usual first model: embedding, one LSTM, a softmax over all tokens, and Adam as Keras sets it.
  document: {
    settings: {
      cell: "lstm",
      embedding: 128,
      hidden: 128,
      optimizer: "adam",
      learningRate: 1e-3,
      batch: 64,
      seqLen: 100,
      validation: 0.2,
      clipMode: "none",
    },
    epochs: 10,
  },
  // Far more weights than there is text to hold them to.
  overfitting: {
    settings: {
      cell: "lstm",
      hidden: 96,
      optimizer: "adam",
      learningRate: 5e-3,
      batch: 8,
      seqLen: 32,
      validation: 0.2,
    },
    epochs: 60,
  },
});

/**
 * Ways to mend the overfitting preset: settings beside its own, and patience in epochs.
 * @type {Readonly<Record<string, { settings: Readonly<Record<string, any>>, patience: number }>>}
 */
export const MENDS = Object.freeze({
  nothing: { settings: {}, patience: 0 },
  dropout: { settings: { dropout: 0.5 }, patience: 0 },
  l2: { settings: { l2: 2e-4 }, patience: 0 },
  l1: { settings: { l1: 3e-5 }, patience: 0 },
  decay: { settings: { optimizer: "adamw", weightDecay: 0.3 }, patience: 0 },
  early: { settings: {}, patience: 3 },
});
