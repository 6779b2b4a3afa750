/** `unrolled export`: a saved model as an ONNX file, or as a PyTorch script that reads it. */
import { dirname, join, parse, relative, resolve } from "node:path";
import { ONNX_OPSET } from "../../core/files/onnx.js";
import { pytorchScript } from "../../core/files/pytorch.js";
import { CELLS } from "../../core/cells.js";
import { UnrolledError } from "../../core/index.js";
import { lossOf } from "../../core/inside/fill.js";
import { open } from "./inspect.js";
import { say } from "../terminal/say.js";
import { Target } from "../files/target.js";

/** Tokens, written by the network itself, that a script checks its loss on. */
const CHECKED = 120;

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/** @param {string} model @param {Record<string, any>} options */
export async function exportModel(model, options) {
  const { onnx, pytorch, out, force } = options;
  if (Boolean(onnx) === Boolean(pytorch))
    throw refuse("Say what it becomes: --onnx, a file for ONNX Runtime, or --pytorch, a script for PyTorch.");
  if (pytorch && model === "-")
    throw refuse("--pytorch writes a script that reads the model, so the model must be a file, got standard input.");
  const { dir, name } = model === "-" ? { dir: "", name: "model" } : parse(model);
  const target = new Target(out ?? join(dir, name + (onnx ? ".onnx" : ".py")), {
    force,
    inputs: [model],
    binary: Boolean(onnx),
  });
  const trainer = await open(model, options);
  try {
    await target.write(onnx ? await trainer.toONNX() : Buffer.from(scriptOf(trainer, model, out)));
  } finally {
    trainer.dispose();
  }
  say(
    onnx
      ? `Saved ${target}, ONNX of opset ${ONNX_OPSET}.`
      : `Saved ${target}, which reads ${model}: run by python3, it checks one loss and samples.`,
  );
}

/**
 * @param {import("../../core/index.js").Trainer} trainer @param {string} model @param {string | undefined} out
 * @returns {string}
 */
function scriptOf(trainer, model, out) {
  const { cell, seqLen } = trainer.settings;
  const length = CELLS[cell].carries ? CHECKED : Math.min(CHECKED, seqLen + 1);
  const { ids } = trainer.sample({ length, probabilities: false });
  const from = out === undefined ? dirname(model) : out === "-" ? "." : dirname(out);
  const file = relative(resolve(from), resolve(model)).split(/[/\\]/).join("/");
  return pytorchScript({ file, ids, loss: lossOf(trainer, ids) });
}
