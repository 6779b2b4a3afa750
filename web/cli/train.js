/** `unrolled train`: learns a text and saves as it goes. */
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Trainer, UnrolledError, checkSettings, fit, flatten, loadCore, readCheckpoint } from "../core/index.js";
import { PRESETS } from "../core/presets.js";
import { openText } from "./documents.js";
import { checkOut, readBytes, writeWhole } from "./files.js";
import { settingsOf } from "./options.js";
import { Progress } from "./progress.js";

/** Milliseconds of training between two looks at signals and the terminal. */
const SLICE = 100;
/** Updates between evaluations of a text so short that an epoch has fewer. */
const EVAL_LEAST = 100;

/** Different tokens from which a one-hot input is wider than it is useful. */
const MANY_TOKENS = 2000;

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/**
 * @param {string[]} files
 * @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function train(files, options, command) {
  const { out, resume, patience = 0 } = options;
  const preset = options.preset && PRESETS[/** @type {keyof typeof PRESETS} */ (options.preset)];
  const settings = { ...preset?.settings, ...flatten(settingsOf(command)) };
  await checkOut(out, options.force || (resume !== undefined && resolve(out) === resolve(resume)));
  const core = await loadCore({ variant: options.variant });
  const saved = resume === undefined ? undefined : await readBytes(resume);
  const source = await openText(files, options, saved ? readCheckpoint(saved) : { settings: checkSettings(settings) });
  const trainer = saved
    ? Trainer.load(core, saved, { ...source, workers: options.workers, unknown: options.unknown, ...settings })
    : new Trainer(core, { ...source, workers: options.workers, ...settings });
  const documents = source.documents ? source.documents.starts.length - 1 : 1;
  if (documents > 1) say(`${documents} documents, each read from a zero state.`);
  const { cell, layers, hidden, tokens } = trainer.settings;
  say(
    `${cell} of ${layers} × ${hidden}, ${trainer.parameterCount} parameters, ${trainer.vocabulary.length} different tokens, ` +
      `${trainer.trainingTokens} tokens to learn and ${trainer.validationTokens} to validate, module "${core.variant}"`,
  );
  if (trainer.vocabulary.length >= MANY_TOKENS && !trainer.settings.embedding)
    say(
      `With ${trainer.vocabulary.length} different tokens, --embedding 128 takes less memory and time than one-hot input, and --min-count leaves rare ones out.`,
    );
  if (resume !== undefined)
    say(
      `Goes on from ${resume} after step ${trainer.progress.step}${trainer.progress.window ? "" : ", at the beginning of the text"}.`,
    );

  const steps = options.steps ?? Math.ceil((options.epochs ?? preset?.epochs ?? 10) * trainer.windows);
  const every = options.evalEvery || (preset ? trainer.windows : Math.max(EVAL_LEAST, trainer.windows));
  const interrupt = listen();
  const bar = new Progress(steps, tokens === "char" ? "char" : tokens);
  const save = () => writeWhole(out, trainer.save());
  let ending;
  try {
    ending = await fit(trainer, {
      steps,
      evaluateEvery: every,
      patience,
      training: Boolean(preset),
      stopped: () => interrupt.count > 0,
      ...watch(trainer, { steps, every, bar, save, patient: patience > 0 }),
    });
  } catch (error) {
    if (!(error instanceof UnrolledError) || error.code !== "diverged") throw error;
    await writeWhole(out, trainer.save());
    throw new UnrolledError("diverged", `${error.message} They are saved in ${out}.`);
  } finally {
    bar.stop();
    interrupt.end();
  }
  const { best } = ending;
  if (!patience || !best) await save();
  if (ending.ended === "patience") say(`No better validation loss in ${patience} evaluations.`);
  const stands =
    patience && best
      ? `the weights of step ${best.step}, ${best.loss.toFixed(4)} nats on the validation part`
      : `after step ${trainer.progress.step}`;
  say(`${interrupt.count ? "Interrupted; saved" : "Saved"} ${out}${patience && best ? ":" : ""} ${stands}.`);
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
 * What is told and saved on the way: at each evaluation a line and the model, when it is patient only a better one.
 * @param {Trainer} trainer
 * @param {{ steps: number, every: number, bar: Progress, save: () => Promise<void>, patient: boolean }} plan
 */
function watch(trainer, { steps, every, bar, save, patient }) {
  const start = performance.now();
  const { tokens: before } = trainer.progress;
  const measures = trainer.validationTokens > trainer.settings.batch;
  let slice = start,
    done = 0;
  /** @type {any} */
  let standing;
  return {
    /** @param {import("../core/wasm/engine.js").Report} report */
    async onReport(report) {
      done++;
      const due = !measures && (done % every === 0 || done === steps);
      if (!due && performance.now() - slice < SLICE && done < steps && done % every) return;
      const seconds = (performance.now() - start) / 1000;
      standing = {
        ...standing,
        done,
        step: report.step,
        epoch: report.step / trainer.windows,
        loss: report.loss,
        speed: (report.tokens - before) / seconds,
        left: ((steps - done) * seconds) / done,
      };
      if (due) {
        bar.line(standing);
        await save();
      } else bar.show(standing);
      await setImmediate();
      slice = performance.now();
    },
    /** @param {import("../core/fit.js").Measure} measure */
    async onEvaluation(measure) {
      standing = { ...standing, measure };
      bar.line(standing);
      if (!patient || !measure.waited) await save();
    },
  };
}
