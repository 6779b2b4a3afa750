/** `unrolled fill`: makes a text with holes whole, and tells how well each way does it. */
import { UnrolledError } from "../core/index.js";
import { compareFillings } from "../core/inside/fill.js";
import { checkOut, readTexts, writeWhole } from "./files.js";
import { open } from "./inspect.js";
import { table } from "./table.js";

/** @param {string} model @param {string} file @param {Record<string, any>} options */
export async function fill(model, file, options) {
  const { mark, share, seed, truth, beam, after, method, out, force, json, unknown } = options;
  if ((mark === undefined) === (share === undefined))
    throw new UnrolledError(
      "bad-setting",
      "Say where the holes are: --mark _ for a text that has them, or --share 0.1 to remove a tenth of one that is whole.",
    );
  if (truth !== undefined && mark === undefined)
    throw new UnrolledError("bad-setting", "--truth belongs to --mark: with --share the text itself is the truth.");
  if (out) await checkOut(out, force);
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
  trainer.dispose();
  const { holes, tokens, truthLoss, fillings } = result;
  if (out)
    await writeWhole(
      out,
      Buffer.from(
        /** @type {import("../core/inside/fill.js").Filling} */ (fillings.find((filling) => filling.method === method))
          .text,
      ),
    );
  if (json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  process.stdout.write(`${holes} holes in ${tokens} tokens\n`);
  process.stdout.write(
    table([
      ["filled by", "right", "share", "nats/token", "seconds"],
      ...fillings.map(({ method: name, right, loss, seconds }) => [
        name,
        right === null ? "–" : String(right),
        right === null ? "–" : `${((100 * right) / holes).toFixed(1)} %`,
        loss.toFixed(4),
        seconds.toFixed(2),
      ]),
      ...(truthLoss === null ? [] : [["(the truth)", String(holes), "100.0 %", truthLoss.toFixed(4), ""]]),
    ]),
  );
}
