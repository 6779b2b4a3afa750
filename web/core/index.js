/** Unrolled: recurrent networks that learn a text, with the inside in reach. */
export { loadCore, supportedVariants, Core } from "./core.js";
export { Trainer } from "./trainer.js";
export { UnrolledError } from "./errors.js";
export { SETTINGS, checkSetting, checkSettings, readSetting, flatten, unflatten, parameterShapes } from "./config.js";
export { UNKNOWN, Vocabulary, buildVocabulary, compareCodePoints, countTokens, makeTokenizer } from "./tokens.js";
export { Fit, fit } from "./fit.js";
export { tokenTable } from "./counts.js";
export { STOP_WORDS, loadStopWords, removeStopWords } from "./stopwords.js";
export { learningRateAt } from "./schedule.js";
export { readSafetensors, writeSafetensors } from "./safetensors.js";
export { readCheckpoint } from "./checkpoint.js";
export { documentsInMemory } from "./documents.js";
export { hashText } from "./sha256.js";

/** @typedef {import("./config.js").Settings} Settings */
/** @typedef {import("./config.js").PartialSettings} PartialSettings */
/** @typedef {import("./config.js").Setting} Setting */
/** @typedef {import("./core.js").CoreOptions} CoreOptions */
/** @typedef {import("./core.js").Variant} Variant */
/** @typedef {import("./trainer.js").TrainerOptions} TrainerOptions */
/** @typedef {import("./trainer.js").Evaluation} Evaluation */
/** @typedef {import("./trainer.js").SampleOptions} SampleOptions */
/** @typedef {import("./trainer.js").Sample} Sample */
/** @typedef {import("./engine.js").Report} Report */
/** @typedef {import("./engine.js").Progress} Progress */
/** @typedef {import("./batch.js").Batch} Batch */
/** @typedef {import("./batch.js").Gradients} Gradients */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./documents.js").Documents} Documents */
/** @typedef {import("./corpus.js").Baselines} Baselines */
/** @typedef {import("./tokens.js").Tokenizer} Tokenizer */
/** @typedef {import("./safetensors.js").Tensor} Tensor */
/** @typedef {import("./safetensors.js").SafetensorsFile} SafetensorsFile */
/** @typedef {import("./checkpoint.js").Snapshot} Snapshot */
