#!/usr/bin/env node
/**
 * The command line. Exit codes: 0 done, 1 it could not be done, 2 it was asked wrongly, 128 + n it was ended by signal n.
 */
import { CommanderError } from "commander";
import { readFile } from "node:fs/promises";
import { UnrolledError } from "../core/index.js";
import { unknownTokens } from "../core/text/tokens.js";
import { withOptions } from "./options/checks.js";
import { program } from "./commands.js";
import { reasonOf } from "./files/read.js";
import { outliveReaders, say } from "./terminal/say.js";

const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
const unrolled = program(version);
const names = unrolled.commands.flatMap(({ options }) => options.map((option) => option.attributeName()));

/** @param {unknown} error @returns {number} the exit code */
function tell(error) {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof UnrolledError)) {
    say(`unrolled: A fault of the program, not of what was asked: ${error instanceof Error ? error.message : error}.`);
    return 1;
  }
  const told = error.code === "unknown-token" ? unknownTokens(error.details.tokens, "--unknown drop") : error;
  say(`unrolled: ${withOptions(told.message, names)}`);
  return ["bad-setting", "bad-argument"].includes(error.code) ? 2 : 1;
}

outliveReaders((error) => say(`unrolled: Standard output cannot be written: ${reasonOf(error)}.`));

try {
  await unrolled.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
