/** Files of the command line: texts in, models in and out. Every failure is a sentence. */
import { access, constants, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UnrolledError } from "../core/index.js";

/** @type {Record<string, string>} */
const REASONS = {
  ENOENT: "there is no such file",
  EACCES: "it is not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ENOSPC: "the disk is full",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB",
};

/** @param {string} what @param {unknown} error */
export function failed(what, error) {
  const { code = "", message } = /** @type {NodeJS.ErrnoException} */ (error);
  return new UnrolledError("bad-file", `${what}: ${REASONS[code] ?? message}.`);
}

/** @param {string} path @returns {Promise<Uint8Array>} */
export async function readBytes(path) {
  try {
    if (path !== "-") return await readFile(path);
    const chunks = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    throw failed(`${path} cannot be read`, error);
  }
}

/** @param {string[]} paths @returns {Promise<string>} their texts, one after the other, nothing changed */
export async function readTexts(paths) {
  let text = "";
  for (const path of paths) {
    const bytes = await readBytes(path);
    try {
      text += new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      if (error instanceof TypeError)
        throw new UnrolledError("bad-text", `${path} is not UTF-8 text: convert it, for instance with iconv.`);
      throw failed(`${path} cannot be held as one text`, error);
    }
  }
  return text;
}

/** @param {string} path */
export async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Refuses a place one cannot write to before any work is done. @param {string} path @param {boolean} replace */
export async function checkOut(path, replace) {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw failed(`${path} cannot be written`, error);
  }
  if (!replace && (await exists(path)))
    throw new UnrolledError(
      "bad-argument",
      `${path} is already there: choose another --out, go on from it by --resume, or replace it by --force.`,
    );
}

/**
 * Writes beside the place and moves there, so that a model is never half written.
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export async function writeWhole(path, bytes) {
  const part = `${path}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw failed(`${path} cannot be written`, error);
  }
}
