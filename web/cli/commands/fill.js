/** `unrolled fill`: makes a text with holes whole, and tells how well each way does it. */
import { UnrolledError } from "../../core/index.js";
import { compareFillings } from "../../core/inside/fill.js";
import { needsOption } from "../options/checks.js";
import { checkInputs, readTexts } from "../files/read.js";
import { open } from "./inspect.js";
import { say } from "../terminal/say.js";
import { table } from "../terminal/table.js";
import { Target } from "../files/target.js";

/** @param {Record<string, any>} options @param {import("commander").Command} command */
function check({ mark, share, truth }, command) {
  if ((mark === undefined) === (share === undefined))
    throw new UnrolledError(
      "bad-argument",
      "Say where the holes are: --mark _ for a text that has them, or --share 0.1 to remove a tenth of one that is whole.",
    );
  if (truth !== undefined && mark === undefined)
    throw new UnrolledError("bad-argument", "--truth belongs to --mark: with --share the text itself is the truth.");
  needsOption(command, "seed", "share");
  needsOption(command, "method", "out");
}

/**
 * @param {string} model @param {string} file @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function fill(model, file, options, command) {
  const { mark, share, seed, truth, beam, after, method, out, force, json, unknown } = options;
  check(options, command);
  const inputs = [model, file, ...(truth === undefined ? [] : [truth])];
  checkInputs(inputs);
  const target = out === undefined ? undefined : new Target(out, { force, inputs });
  const text = await readTexts([file]);
  const trainer = await open(model, options);
  const result = compareFillings(trainer, {
    text,
    mark,
    share,
    seed,
    unknown,
    beam,
    after,
    truth: truth === undefined ? undefined : await readTexts([truth]),
  });
  const { lowerCase } = trainer.settings;
  trainer.dispose();
  const filling = result.fillings.find((one) => one.method === method);
  if (target && filling) {
    await target.write(Buffer.from(filling.text));
    if (lowerCase) say("The model reads small letters, and in these the filled text is written.");
    if (result.known.includes("<unk>")) say("<unk> stands in it for each token that the model left out as rare.");
  }
  (target?.isPrinted ? process.stderr : process.stdout).write(json ? `${JSON.stringify(result)}\n` : summary(result));
}

/** @param {import("../../core/inside/fill.js").Fillings} result */
const summary = ({ holes, tokens, truthLoss, fillings }) =>
  `${holes} holes in ${tokens} tokens\n${table([
    ["filled by", "right", "share", "nats/token", "seconds"],
    ...fillings.map(({ method, right, loss, seconds }) => [
      method,
      right === null ? "–" : String(right),
      right === null ? "–" : `${((100 * right) / holes).toFixed(1)} %`,
      loss.toFixed(4),
      seconds.toFixed(2),
    ]),
    ...(truthLoss === null ? [] : [["(the truth)", String(holes), "100.0 %", truthLoss.toFixed(4), ""]]),
  ])}`;
