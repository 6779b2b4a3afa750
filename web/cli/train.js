/** `unrolled train`: learns a text and saves as it goes. */
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Trainer, UnrolledError, loadCore } from "../core/index.js";
import { checkOut, readBytes, readTexts, writeWhole } from "./files.js";
import { settingsOf } from "./options.js";
import { Progress } from "./progress.js";

/** Milliseconds of training between two looks at signals and the terminal. */
const SLICE = 100;
/** Updates between evaluations of a text so short that an epoch has fewer. */
const EVAL_LEAST = 100;

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/**
 * @param {string[]} files
 * @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function train(files, options, command) {
  const { out, resume } = options;
  const settings = settingsOf(command);
  await checkOut(out, options.force || (resume !== undefined && resolve(out) === resolve(resume)));
  const text = await readTexts(files);
  const core = await loadCore({ variant: options.variant });
  const trainer = resume === undefined
    ? new Trainer(core, { text, ...settings })
    : Trainer.load(core, await readBytes(resume), { text, unknown: options.unknown, ...settings });
  const { cell, layers, hidden, tokens } = trainer.settings;
  say(`${cell} of ${layers} × ${hidden}, ${trainer.parameterCount} parameters, ${trainer.vocabulary.length} different tokens, ` +
    `${trainer.trainingTokens} tokens to learn and ${trainer.validationTokens} to validate, module "${core.variant}"`);
  if (resume !== undefined) say(`Goes on from ${resume} after step ${trainer.progress.step}${trainer.progress.window ? "" : ", at the beginning of the text"}.`);

  const steps = options.steps ?? Math.ceil((options.epochs ?? 10) * trainer.windows);
  const every = options.evalEvery || Math.max(EVAL_LEAST, trainer.windows);
  const interrupt = listen();
  const bar = new Progress(steps, tokens === "char" ? "char" : tokens);
  try {
    await run(trainer, { steps, every, bar, stopped: () => interrupt.count > 0, save: () => writeWhole(out, trainer.save()) });
  } catch (error) {
    if (!(error instanceof UnrolledError) || error.code !== "diverged") throw error;
    await writeWhole(out, trainer.save());
    throw new UnrolledError("diverged", `${error.message} They are saved in ${out}.`);
  } finally {
    bar.stop();
    interrupt.end();
  }
  await writeWhole(out, trainer.save());
  say(`${interrupt.count ? "Interrupted; saved" : "Saved"} ${out} after step ${trainer.progress.step}.`);
  trainer.dispose();
}

/** Counts interrupts: the first asks training to stop, a second ends the program. */
function listen() {
  const heard = {
    count: 0,
    end: () => signals.forEach((signal) => process.off(signal, hear)),
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM"]);
  const hear = () => {
    if (heard.count++) process.exit(130);
  };
  signals.forEach((signal) => process.on(signal, hear));
  return heard;
}

/**
 * @param {Trainer} trainer
 * @param {{ steps: number, every: number, bar: Progress, stopped: () => boolean, save: () => Promise<void> }} plan
 */
async function run(trainer, { steps, every, bar, stopped, save }) {
  const start = performance.now();
  const { tokens: before } = trainer.progress;
  const measures = trainer.validationTokens > trainer.settings.batch;
  /** @type {number | undefined} */
  let validation;
  let done = 0;
  while (done < steps && !stopped()) {
    const slice = performance.now();
    let report;
    do {
      report = trainer.step();
      done++;
    } while (done < steps && done % every && performance.now() - slice < SLICE);
    const due = done % every === 0 || done === steps;
    if (due && measures) validation = trainer.evaluate().bitsPerToken;
    const seconds = (performance.now() - start) / 1000;
    const standing = { done, step: report.step, epoch: report.step / trainer.windows, loss: report.loss, validation, speed: (report.tokens - before) / seconds, left: ((steps - done) * seconds) / done };
    if (due) {
      bar.line(standing);
      await save();
    } else bar.show(standing);
    await setImmediate();
  }
}
