/** Files a command reads: texts and models. Every failure is a sentence. */
import { accessSync, constants, createReadStream, fstatSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { UnrolledError } from "../../core/index.js";
import { readCheckpointAsync } from "../../core/files/checkpoint.js";
import { decodeText } from "../../core/text/encoding.js";
import { say } from "../terminal/say.js";

/** A buffer of Node ends here. */
const MOST_BYTES = 2 ** 31 - 1;

/** @type {Record<string, string>} */
const REASONS = {
  ENOENT: "there is no such file",
  EACCES: "it is not permitted",
  EPERM: "it is not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk has no more room for this user",
  EFBIG: "it is larger than a file may be here",
  EROFS: "the disk can only be read",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
  EPIPE: "nobody reads it",
  EBADF: "it is not open for that",
  EIO: "the disk or the terminal is at fault",
  ENXIO: "it is a socket, or a device that is not there",
  EMFILE: "too many files are open",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
};

/** Why something about a file failed, as the end of a sentence. @param {unknown} error */
export function reasonOf(error) {
  const { code = "", message } = /** @type {NodeJS.ErrnoException} */ (error);
  return REASONS[code] ?? message.replace(/^[A-Z]+: ([^,]+), .*$/s, "$1");
}

/** @param {string} what @param {unknown} error */
export function failed(what, error) {
  return new UnrolledError("bad-file", `${what}: ${reasonOf(error)}.`);
}

/** @param {string} path of a text or a model */
export const nameOf = (path) => (path === "-" ? "standard input" : path);

/** @param {string} path @returns {import("node:fs").Stats | undefined} undefined where reading it will tell why */
export function statsOf(path) {
  try {
    return path === "-" ? fstatSync(0) : statSync(path);
  } catch {
    return undefined;
  }
}

/** @param {string} path @returns {Promise<Uint8Array>} */
export async function readBytes(path) {
  if (path === "-" && process.stdin.isTTY) say("Reads what is typed here, until Ctrl-D.");
  try {
    if (path === "-" && statsOf(path)?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    if (path !== "-" && statsOf(path)?.isFile()) return await readFile(path);
    const chunks = [];
    let bytes = 0;
    for await (const chunk of path === "-" ? process.stdin : createReadStream(path)) {
      if ((bytes += chunk.length) > MOST_BYTES) throw Object.assign(new Error(), { code: "ERR_FS_FILE_TOO_LARGE" });
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw failed(`${nameOf(path)} cannot be read`, error);
  }
}

/**
 * Refuses what cannot be read, before any work is done.
 * @param {readonly (string | undefined)[]} paths all that will be read
 */
export function checkInputs(paths) {
  const given = paths.filter((path) => path !== undefined);
  if (given.includes(""))
    throw new UnrolledError("bad-argument", "A file that is read must have a name, got an empty one.");
  if (given.filter((path) => path === "-").length > 1)
    throw new UnrolledError(
      "bad-argument",
      "- is standard input, which can be read once, and it stands here twice: name a file.",
    );
  for (const path of given) {
    if (path === "-") continue;
    try {
      accessSync(path, constants.R_OK);
    } catch (error) {
      throw failed(`${path} cannot be read`, error);
    }
  }
}

/** @param {string} path @returns {Promise<{ bytes: Uint8Array, saved: import("../../core/index.js").Snapshot }>} of a model */
export async function readModel(path) {
  const bytes = await readBytes(path);
  try {
    return { bytes, saved: await readCheckpointAsync(bytes) };
  } catch (error) {
    if (error instanceof UnrolledError && error.code === "bad-file")
      throw new UnrolledError(error.code, error.message.replace(/^This file/, nameOf(path)), error.details);
    throw error;
  }
}

/** @param {string[]} paths @returns {Promise<string>} their texts, one after the other, nothing changed */
export async function readTexts(paths) {
  let text = "";
  for (const path of paths) text += textOf(path, await readBytes(path));
  return text;
}

/** @param {string} path @param {Uint8Array} bytes @returns {string} */
export function textOf(path, bytes) {
  try {
    return decodeText(bytes, { name: nameOf(path) });
  } catch (error) {
    throw error instanceof UnrolledError ? error : failed(`${nameOf(path)} cannot be held as one text`, error);
  }
}
