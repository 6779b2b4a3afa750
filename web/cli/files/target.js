/**
 * Where a command writes. A file is written beside its place under a name of its own, brought to the disk and moved
 * there, so that what stood there is whole until what follows it is. Links are followed, and mode and owner stay. A pipe
 * or a device is written to and never replaced; it takes one writing, at the end.
 */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isatty } from "node:tty";
import { UnrolledError } from "../../core/index.js";
import { failed, nameOf, reasonOf, statsOf } from "./read.js";
import { say } from "../terminal/say.js";
import { setIdle, undisturbed } from "../terminal/signals.js";

/** @typedef {import("node:fs").Stats} Stats */
/**
 * @typedef {{ place: string, descriptor?: number, stats?: Stats }} Found place: behind all links; descriptor: one of this
 * process; stats: of what is there
 */

const MOST_LINKS = 40;
/** Milliseconds between two looks whether a pipe takes more. */
const LOOK = 20;
/** Bytes given to a pipe at a time. */
const PORTION = 1 << 16;
/** A full disk may be emptied meanwhile: it is told when something is written. */
const PASSING = ["ENOSPC", "EDQUOT"];

/** What something that can be written to may be. */
const KINDS = /** @type {const} */ ([
  "isFile",
  "isDirectory",
  "isFIFO",
  "isCharacterDevice",
  "isBlockDevice",
  "isSocket",
]);

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code ?? "";

/** Open files of this process, as the system shows them. */
const DESCRIPTOR = new RegExp(
  process.platform === "linux" ? `^/proc/${process.pid}/(?:task/\\d+/)?fd/(\\d+)$` : "^/dev/fd/(\\d+)$",
);

/** What a path leads to. @param {string} path @returns {Found} */
function find(path) {
  if (path === "-") return { place: path, descriptor: 1, stats: fstatSync(1) };
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const place = join(realDirectory(at, links), basename(at));
    const descriptor = DESCRIPTOR.exec(place)?.[1];
    if (descriptor) return { place, descriptor: Number(descriptor), stats: fstatSync(Number(descriptor)) };
    let link;
    try {
      link = readlinkSync(place);
    } catch {
      return { place, stats: statSync(place, { throwIfNoEntry: false }) };
    }
    at = resolve(dirname(place), link);
  }
  throw Object.assign(new Error(), { code: "ELOOP" });
}

/** The directory of a path, without links. @param {string} path @param {number} links that led there */
function realDirectory(path, links) {
  try {
    return realpathSync(dirname(path));
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    throw new Error(`${links ? `it leads to ${path}, and ` : ""}there is no directory ${dirname(path)}`);
  }
}

/** A name beside a place that no other run has. @param {string} place */
const partOf = (place) => join(dirname(place), `.unrolled-${randomBytes(6).toString("hex")}.part`);

/** @param {Found} found @returns {boolean} whether it is, or will be, a file of the disk with a name */
const isFile = ({ stats, descriptor }) => descriptor === undefined && (!stats || stats.isFile());

/**
 * Refuses what cannot be written to, before any work is done.
 * @param {string} path @param {string} option that names it
 * @returns {Found}
 */
function examine(path, option) {
  if (path === "") throw refuse(`${option} must name a file, got an empty name.`);
  if (/^(--|=)/.test(path))
    throw refuse(`${option} must name a file, got ${path}: say ./${path} where that is the file's name.`);
  const name = path === "-" ? "standard output" : path;
  /** @type {Found} */
  let found;
  try {
    found = find(path);
  } catch (error) {
    throw refuse(`${name} cannot be written: ${reasonOf(error)}.`);
  }
  const { place, stats, descriptor } = found;
  if (stats?.isDirectory())
    throw refuse(
      `${name} cannot be written: it is a directory, so name a file in it, such as ${join(path, "model.safetensors")}.`,
    );
  if (path.endsWith("/") || path.endsWith(sep))
    throw refuse(`${name} cannot be written: there is no directory of that name.`);
  if (descriptor === 2) throw refuse(`${name} cannot be written: it is standard error, where it is told how it goes.`);
  if (stats && !KINDS.some((is) => stats[is]()))
    throw refuse(`${name} cannot be written: it is neither a file nor a pipe nor a device.`);
  if (stats?.isBlockDevice()) throw refuse(`${name} cannot be written: it is a disk, and what is on it would be lost.`);
  if (stats?.isSocket() && descriptor === undefined)
    throw refuse(`${name} cannot be written: it is a socket, so name a file, a pipe or -, which is standard output.`);
  let doing = "";
  try {
    if (descriptor !== undefined) writeSync(descriptor, "");
    else if (stats) accessSync(place, constants.W_OK);
    if (isFile(found) && stats) doing = "no file can be made beside it, where it is made whole first: ";
    if (isFile(found)) tryDirectory(place);
  } catch (error) {
    throw refuse(`${name} cannot be written: ${doing}${reasonOf(error)}.`);
  }
  return found;
}

/** Makes a file beside a place and takes it away again. @param {string} place */
function tryDirectory(place) {
  const part = partOf(place);
  try {
    closeSync(openSync(part, "wx"));
  } catch (error) {
    if (PASSING.includes(codeOf(error))) return;
    if (codeOf(error) === "ENOENT") throw Object.assign(new Error(), { code: "EACCES" }); // such folders are the system's own
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

/** @param {Stats | undefined} a @param {Stats | undefined} b */
const same = (a, b) => Boolean(a?.isFile() && b?.isFile() && a.dev === b.dev && a.ino === b.ino);

/** @param {Found} found */
function isTerminal({ place, descriptor, stats }) {
  if (descriptor !== undefined) return isatty(descriptor);
  if (!stats?.isCharacterDevice()) return false;
  try {
    const file = openSync(place, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      return isatty(file);
    } finally {
      closeSync(file);
    }
  } catch {
    return false; // why it cannot be opened is told when it is written to
  }
}

export class Target {
  #path;
  #found;
  /** Parts in a directory that went away before they could be taken away again. @type {string[]} */ #lost = [];

  /**
   * @param {string} path - is standard output
   * @param {object} [options]
   * @param {string} [options.option] that names it
   * @param {boolean} [options.force] replaces a file that is there
   * @param {readonly string[]} [options.inputs] files that are read, none of which it may be
   * @param {boolean} [options.binary] what is written is nothing for a terminal
   * @param {string} [options.ways] what one may do where the file is there already
   */
  constructor(path, { option = "--out", force = false, inputs = [], binary = false, ways = "" } = {}) {
    this.#path = path;
    this.#found = examine(path, option);
    const { stats } = this.#found;
    const input = inputs.find((name) => same(statsOf(name), stats));
    if (input !== undefined)
      throw refuse(`${option} is ${path}, and ${nameOf(input)} is read from there: name another file.`);
    if (this.isFile && stats && !force)
      throw refuse(`${path} is already there: name another file by ${option}, ${ways}or replace it by --force.`);
    if (binary && isTerminal(this.#found))
      throw refuse(`${option} is a terminal, and what is written is no text: name a file, or send it on to one.`);
  }

  /** A file can be written again and again, a pipe or a device once. */
  get isFile() {
    return isFile(this.#found);
  }

  /** Whether it is where results are printed. */
  get isPrinted() {
    return this.#found.descriptor === 1;
  }

  /** Whether both are one file. @param {Target} other */
  equals(other) {
    const [a, b] = [this.#found, other.#found];
    if (a.descriptor !== undefined && a.descriptor === b.descriptor) return true;
    return isFile(a) && isFile(b) && (a.place === b.place || same(a.stats, b.stats));
  }

  toString() {
    return this.#path === "-" ? "standard output" : this.#path;
  }

  /** @param {Uint8Array} bytes the whole of it */
  async write(bytes) {
    try {
      const found = this.isFile ? find(this.#path) : this.#found;
      if (isFile(found)) await undisturbed(() => writeFile(found, bytes, this.#lost));
      else await pour(found, bytes, String(this));
    } catch (error) {
      throw error instanceof UnrolledError ? error : failed(`${this} cannot be written`, error);
    }
  }
}

/**
 * Without a pause, so that nothing in this program comes between its parts.
 * @param {Found} found @param {Uint8Array} bytes @param {string[]} lost parts of earlier writings, which go when this one
 * has succeeded
 */
function writeFile({ place, stats }, bytes, lost) {
  const part = partOf(place);
  const file = openSync(part, "wx", stats ? 0o600 : 0o666);
  let moved = false;
  try {
    writeAll(file, bytes, stats);
    moved = !(stats && stats.nlink > 1) && move(part, place);
    if (moved) syncDirectory(dirname(place));
  } catch (error) {
    if (!existsSync(part)) lost.push(part);
    rmSync(part, { force: true });
    throw error;
  }
  if (!moved) writeOver(place, bytes, part);
  for (const each of lost.splice(0)) rmSync(each, { force: true });
}

/** @param {number} file which is closed @param {Uint8Array} bytes @param {Stats} [old] whose mode and owner it gets */
function writeAll(file, bytes, old) {
  try {
    writeFileSync(file, bytes);
    if (old) {
      // Only root may give files away, and some disks know neither owners nor modes.
      whereItCan(() => fchownSync(file, old.uid, old.gid));
      whereItCan(() => fchmodSync(file, old.mode & 0o777));
    }
    whereItCan(() => fsyncSync(file), ["EINVAL", "ENOSYS", "ENOTSUP"]);
  } finally {
    closeSync(file);
  }
}

/** @param {() => void} ask what not every system does @param {readonly string[]} [codes] by which it says so; any */
function whereItCan(ask, codes) {
  try {
    ask();
  } catch (error) {
    if (codes && !codes.includes(codeOf(error))) throw error;
  }
}

/** @param {string} part @param {string} place @returns {boolean} false where something is mounted there */
function move(part, place) {
  try {
    renameSync(part, place);
    return true;
  } catch (error) {
    if (codeOf(error) === "EBUSY") return false;
    throw error;
  }
}

/**
 * For a file that has other names, or that something is mounted on: it stays the same file. Until it is whole, `part` is.
 * @param {string} place @param {Uint8Array} bytes @param {string} part
 */
function writeOver(place, bytes, part) {
  try {
    const file = openSync(place, "r+");
    ftruncateSync(file, bytes.length);
    writeAll(file, bytes);
  } catch (error) {
    throw failed(`${place} cannot be written, and ${part} has all of it`, error);
  }
  rmSync(part, { force: true });
}

/** A name is on the disk when its directory is. @param {string} directory */
function syncDirectory(directory) {
  whereItCan(() => {
    const file = openSync(directory, "r");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

/**
 * Writes to what is no file. A pipe's reader may come later, and take its time: meanwhile signals are heard.
 * @param {Found} found @param {Uint8Array} bytes @param {string} name
 */
async function pour({ place, descriptor }, bytes, name) {
  const file = descriptor ?? (await openPipe(place, name));
  try {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(file, bytes, at, Math.min(PORTION, bytes.length - at));
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") throw error;
        await setTimeout(LOOK);
      }
    }
  } finally {
    if (descriptor === undefined) closeSync(file);
  }
}

/** @param {string} place @param {string} name @returns {Promise<number>} */
async function openPipe(place, name) {
  try {
    for (let told = false; ; told = true) {
      try {
        return openSync(place, constants.O_WRONLY | constants.O_NONBLOCK);
      } catch (error) {
        if (codeOf(error) !== "ENXIO") throw error;
        if (!told) say(`Waits until somebody reads ${name}; a signal ends it, and nothing is written.`);
        setIdle(true);
        await setTimeout(LOOK);
      }
    }
  } finally {
    setIdle(false);
  }
}
