/** `unrolled train`: learns a text and saves as it goes. */
import { parse } from "node:path";
import { SETTINGS, Trainer, UnrolledError, checkSettings, fit, flatten, loadCore } from "../../core/index.js";
import { PRESETS } from "../../core/presets.js";
import { idleSettings, needsOption } from "../options/checks.js";
import { openText } from "../files/documents.js";
import { checkInputs, nameOf, readModel, statsOf } from "../files/read.js";
import { Keeper, SaveError } from "./keeper.js";
import { optionOf, settingsOf } from "../options/settings.js";
import { Progress } from "../terminal/progress.js";
import { say } from "../terminal/say.js";
import { Interrupt } from "../terminal/signals.js";
import { Target } from "../files/target.js";

/** Milliseconds between two looks of the bar. */
const SLICE = 100;
/** Updates between evaluations of a text so short that an epoch has fewer. */
const EVAL_LEAST = 100;
/** Different tokens from which a one-hot input is wider than it is useful. */
const MANY_TOKENS = 2000;
/** Passes over a text, and updates at the least, where nothing is said. */
const EPOCHS = 10;
const LEAST_STEPS = 500;
/** Minutes between saves where evaluations are farther apart. */
const SAVE_EVERY = 5;

/** Where a model of a text is saved when nothing is said: in this directory, under the text's name. @param {string} file */
const modelOf = (file) => `${file === "-" ? "model" : parse(file).name}.safetensors`;

/** @param {string[]} files @param {Record<string, any>} options */
function openTarget(files, { out, resume, force }) {
  const model = files.find((file) => file.endsWith(".safetensors"));
  if (model !== undefined && resume === undefined)
    throw new UnrolledError(
      "bad-argument",
      `${model} is a saved model, and what is learnt is a text: name a text, and --resume ${model} to go on from it.`,
    );
  const path =
    out ?? (resume !== undefined && statsOf(resume)?.isFile() && resume !== "-" ? resume : modelOf(files[0]));
  const from = resume === undefined ? undefined : statsOf(resume),
    to = statsOf(path);
  const goesOn = Boolean(from?.isFile() && to && from.dev === to.dev && from.ino === to.ino);
  return new Target(path, {
    force: force || goesOn,
    inputs: files,
    binary: true,
    ways: resume === undefined ? `go on from it by --resume ${path}, ` : "",
  });
}

/** @param {string[]} files @param {Record<string, any>} options @param {import("commander").Command} command */
function check(files, { resume, patience }, command) {
  needsOption(command, "unknown", "resume");
  checkInputs([...files, resume]);
  const given = flatten(settingsOf(command));
  if (patience && given.validation === 0)
    throw new UnrolledError(
      "bad-argument",
      "--patience waits for a better validation loss, and --validation 0 leaves nothing to measure it on.",
    );
  return given;
}

/** @param {string[]} files @param {Record<string, any>} options @param {import("commander").Command} command */
async function open(files, options, command) {
  const { resume, workers, unknown, variant } = options;
  const given = check(files, options, command),
    preset = options.preset && PRESETS[/** @type {keyof typeof PRESETS} */ (options.preset)];
  const settings = { ...preset?.settings, ...given };
  if (resume === undefined) checkSettings(settings);
  const model = resume === undefined ? undefined : await readModel(resume),
    target = openTarget(files, options);
  const core = await loadCore({ variant });
  const source = await openText(files, options, model ? model.saved : { settings: checkSettings(settings) });
  const trainer = model
    ? await goOn(core, model.bytes, { ...source, workers, unknown, ...settings })
    : new Trainer(core, { ...source, workers, ...settings });
  if (options.patience && !trainer.validationTargets)
    throw new UnrolledError(
      "bad-argument",
      `--patience waits for a better validation loss, and the validation part has ${trainer.validationTokens} token${trainer.validationTokens === 1 ? "" : "s"}: take a larger --validation, or a longer text.`,
    );
  return { target, core, trainer, preset, given, documents: source.documents ? source.documents.starts.length - 1 : 1 };
}

/** @param {Parameters<typeof Trainer.loadAsync>} from */
async function goOn(...from) {
  try {
    return await Trainer.loadAsync(...from);
  } catch (error) {
    if (error instanceof UnrolledError)
      error.message = error.message.replace(/: make a new one\.$/, ": leave it out, or begin anew without --resume.");
    throw error;
  }
}

/**
 * What is told before it begins.
 * @param {Awaited<ReturnType<typeof open>>} opened @param {Record<string, any>} options
 */
function introduce({ target, core, trainer, given, documents }, { resume, out, separator }) {
  const { settings } = trainer,
    { cell, layers, hidden } = settings,
    flat = flatten(settings);
  for (const remark of idleSettings(Object.keys(given), (name) => [flat[name]])) say(remark);
  if (documents > 1) say(`${documents} documents, each read from a zero state.`);
  else if (separator) say("One document: the separator stands nowhere between two.");
  say(
    `${cell} of ${layers} × ${hidden}, ${trainer.parameterCount} parameters, ${trainer.vocabulary.length} different tokens, ` +
      `${trainer.trainingTokens} tokens to learn and ${trainer.validationTokens} to validate, module "${core.variant}"`,
  );
  const learnt = resume !== undefined && cell === "attention" ? "seqLen" : null; // its positions
  const fitted = trainer.auto.filter((name) => name !== learnt && settings[name] < Number(SETTINGS[name].default));
  if (fitted.length)
    say(`A text so short is read by ${fitted.map((name) => `${optionOf(name)} ${settings[name]}`).join(" and ")}.`);
  if (trainer.vocabulary.length >= MANY_TOKENS && !settings.embedding)
    say(
      `With ${trainer.vocabulary.length} different tokens, --embedding 128 takes less memory and time than one-hot input, and --min-count leaves rare ones out.`,
    );
  if (resume !== undefined)
    say(
      `Goes on from ${nameOf(resume)} after step ${trainer.progress.step}${trainer.progress.window ? "" : ", at the beginning of the text"}.`,
    );
  if (out === undefined) say(`Saves to ${target} at each evaluation and at the end.`);
}

/**
 * @param {string[]} files
 * @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function train(files, options, command) {
  const opened = await open(files, options, command);
  const { target, trainer, preset } = opened,
    { patience = 0, saveEvery = SAVE_EVERY } = options;
  introduce(opened, options);
  const epochs = options.epochs ?? preset?.epochs;
  const usual = epochs === undefined ? Math.max(LEAST_STEPS, EPOCHS * trainer.windows) : epochs * trainer.windows;
  const steps = options.steps ?? Math.ceil(usual);
  const every = options.evalEvery ?? (preset ? trainer.windows : Math.max(EVAL_LEAST, trainer.windows));
  const before = trainer.progress.step,
    interrupt = new Interrupt();
  const bar = await Progress.open(steps, trainer.settings.tokens);
  const keeper = new Keeper(target, trainer, (text) => bar.tell(text));
  try {
    const ending = await fit(trainer, {
      steps,
      evaluateEvery: every,
      patience,
      training: Boolean(preset),
      signal: interrupt.signal,
      ...watch(trainer, { steps, every, saveEvery, bar, keeper, patient: patience > 0 }),
    }).finally(() => {
      interrupt.saves();
      bar.stop();
    });
    const { best } = ending,
      patient = patience > 0 && best !== null;
    const step = await keeper.finish(!patient);
    if (ending.ended === "patience") say(`No better validation loss in ${patience} evaluations.`);
    say(
      `${interrupt.name ? "Interrupted; saved" : "Saved"} ${target}${
        patient
          ? `: the weights of step ${step}, ${best.loss.toFixed(4)} nats on the validation part`
          : ` after step ${step}`
      }.`,
    );
  } catch (error) {
    const learnt = trainer.progress.step > before || (error instanceof UnrolledError && error.code === "diverged");
    if (!learnt || error instanceof SaveError) throw error;
    const { code = "internal", message } = /** @type {UnrolledError} */ (error),
      step = await keeper.finish(patience === 0);
    throw new UnrolledError(
      code,
      `${message.replace(/\.?$/, ".")} Saved in ${target} is what it was after step ${step}.`,
    );
  } finally {
    trainer.dispose();
    interrupt.end();
  }
}

/**
 * What is told and saved on the way: at each evaluation a line and the model, when it is patient only a better one.
 * @param {Trainer<any>} trainer
 * @param {{ steps: number, every: number, saveEvery: number, bar: Progress, keeper: Keeper, patient: boolean }} plan
 *   saveEvery: in minutes
 */
function watch(trainer, { steps, every, saveEvery, bar, keeper, patient }) {
  const start = performance.now();
  const { tokens: before } = trainer.progress;
  const measures = trainer.validationTargets > 0;
  let slice = start,
    done = 0;
  /** @type {any} */
  let standing;
  return {
    /** @param {import("../../core/wasm/engine.js").Report} report */
    async onReport(report) {
      done++;
      const due = report.step % every === 0 || done === steps;
      if (!due && performance.now() - slice < SLICE) return;
      const seconds = (performance.now() - start) / 1000;
      standing = {
        ...standing,
        done,
        step: report.step,
        epoch: trainer.progress.window / trainer.windows,
        loss: report.loss,
        speed: (report.tokens - before) / seconds,
        left: ((steps - done) * seconds) / done,
      };
      if (due && !measures) {
        bar.line(standing);
        await keeper.keep();
      } else bar.show(standing);
      if (!patient && keeper.since >= saveEvery * 60_000) await keeper.keep();
      slice = performance.now();
    },
    /** @param {import("../../core/fit.js").Measure} measure */
    async onEvaluation(measure) {
      if (standing) bar.line((standing = { ...standing, measure }));
      else bar.tell(`Begins at ${measure.loss.toFixed(4)} nats on the validation part.`);
      await (patient && measure.waited ? keeper.retry() : keeper.keep());
    },
  };
}
