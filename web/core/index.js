/**
 * Unrolled: recurrent networks that learn a text, with the inside in reach.
 *
 * A file imports its own folder and what stands before it here, nothing else (tests/node/imports.test.js holds it so):
 * errors cells < arguments < schedule < config presets < changes < wasm/ < text/ < inside/ files/ threads/ < makings < trainer < fit < train/ < index
 */
export { loadCore, supportedVariants, Core } from "./wasm/module.js";
export { Trainer } from "./trainer.js";
export { UnrolledError } from "./errors.js";
export { SETTINGS, checkSetting, checkSettings, readSetting, flatten, unflatten } from "./config.js";
export { parameterShapes } from "./shapes.js";
export { UNKNOWN, Vocabulary, buildVocabulary, compareCodePoints, countTokens, makeTokenizer } from "./text/tokens.js";
export { Fit, fit } from "./fit.js";
export { GENERATORS, makeText, placeAccuracy } from "./text/generators.js";
export { tokenTable } from "./text/counts.js";
export { STOP_WORDS, loadStopWords, removeStopWords } from "./text/stopwords.js";
export { learningRateAt } from "./schedule.js";
export { readSafetensors, writeSafetensors } from "./files/safetensors.js";
export { readCheckpoint } from "./files/checkpoint.js";
export { documentsInMemory } from "./text/held.js";
export { hashText } from "./text/sha256.js";

/** @typedef {import("./config.js").Settings} Settings */
/** @typedef {import("./config.js").PartialSettings} PartialSettings */
/** @typedef {import("./config.js").Setting} Setting */
/** @typedef {import("./wasm/module.js").CoreOptions} CoreOptions */
/** @typedef {import("./wasm/module.js").Variant} Variant */
/** @typedef {import("./trainer.js").TrainerOptions} TrainerOptions */
/** @typedef {import("./inside/evaluation.js").Evaluation} Evaluation */
/** @typedef {import("./inside/sample.js").SampleOptions} SampleOptions */
/** @typedef {import("./inside/sample.js").Sample} Sample */
/** @typedef {import("./wasm/engine.js").Report} Report */
/** @typedef {import("./wasm/engine.js").Progress} Progress */
/** @typedef {import("./inside/batch.js").Batch} Batch */
/** @typedef {import("./inside/batch.js").Gradients} Gradients */
/** @typedef {import("./inside/trace.js").Trace} Trace */
/** @typedef {import("./inside/hold.js").Hold} Hold */
/** @typedef {import("./text/documents.js").Documents} Documents */
/** @typedef {import("./text/corpus.js").Baselines} Baselines */
/** @typedef {import("./text/tokens.js").Tokenizer} Tokenizer */
/** @typedef {import("./text/generators.js").MadeText} MadeText */
/** @typedef {import("./files/safetensors.js").Tensor} Tensor */
/** @typedef {import("./files/safetensors.js").SafetensorsFile} SafetensorsFile */
/** @typedef {import("./files/checkpoint.js").Snapshot} Snapshot */
