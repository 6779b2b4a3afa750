/**
 * The inside of the worker: one core, any number of sessions, and turns of time for those that run.
 * Messages in: {id, session, method, args}. Out: {id, result} or {id, error}, and {session, event, …}.
 * The same script is what a session's helpers run: a worker whose first message says so does nothing else.
 */
import { isOpening, serveSlices } from "../core/threads/helper.js";
import {
  loadCore,
  UnrolledError,
  loadStopWords,
  removeStopWords,
  supportedVariants,
  tokenTable,
} from "../core/index.js";
import { plainError } from "./errors.js";
import { Session } from "./session.js";

const SLICE = 30; // ms of training between two looks at the messages
const OF_SESSION = new Set([
  "watch",
  "pause",
  "step",
  "reset",
  "load",
  "snapshots",
  "restore",
  "probe",
  "probeAt",
  "parametersAt",
  "saveAt",
  "look",
  "describe",
  "progress",
  "fillings",
]);
/** What takes its turns itself, so that it can be called off. */
const ASIDE = new Set(["study", "evaluate", "evaluateTraining", "evaluateAsync", "save", "saveAsync", "callOff"]);
const OF_TRAINER = new Set([
  "encode",
  "decode",
  "sample",
  "gradients",
  "gradientNorms",
  "trainOn",
  "parameters",
  "setParameters",
  "configure",
  "baselines",
  "toONNX",
]);

/** What waits until evaluations are whole. */
const CHANGES = new Set(["step", "trainOn", "setParameters"]);

/** @type {Map<number, Session>} */
const sessions = new Map();
/** Sessions whose text is still being read. @type {Map<number, AbortController>} */
const begun = new Map();
/** @type {Promise<import("../core/index.js").Core> | undefined} */
let core;
/** @type {Blob | undefined} this script, where its address is of no use */
let script;
/** @type {string | undefined} of the script, for every helper */
let address;

// A message to oneself comes back after those that are waiting, and no sooner than 4 ms would a timer.
const turn = new MessageChannel();
let turning = false;
/** Until when it rests as long as it trains. */
let settled = 0;
turn.port1.onmessage = async () => {
  const running = [...sessions.values()].filter((session) => session.running);
  const start = performance.now();
  for (const session of running) await session.turn(() => session.running && session.slice(SLICE / running.length));
  const end = performance.now();
  if (end < settled) await new Promise((done) => setTimeout(done, end - start));
  turning = false;
  keepTurning();
};

function keepTurning() {
  if (turning || ![...sessions.values()].some((session) => session.running)) return;
  turning = true;
  turn.port2.postMessage(null);
}

/** @param {number} key @param {string} method @param {any[]} args */
async function answer(key, method, args) {
  if (method === "open") {
    const { variant, module, settle = 0 } = args[0];
    script = args[0].script;
    settled = performance.now() + settle;
    const strict = variant === "simd" && !supportedVariants().includes("simd") ? "baseline" : variant; // the same bits
    core ??= loadCore({ variant: strict, module: isPlain(module) ? (name) => module[name] : module });
    return void (await core);
  }
  if (method === "create") return create(key, args[0]);
  if (method === "dispose" && begun.has(key)) return void begun.get(key)?.abort();
  if (method === "plan") return (await import("../core/train/sweep.js")).planSweepOf(await opened(), args[0], args[1]);
  if (method === "trial")
    return (await import("../core/train/trial.js")).runTrial(await opened(), args[0], (standing) =>
      send({ session: key, event: "standing", ...standing }),
    );
  if (method === "tokenTable") return tokenTable(args[0], args[1]);
  if (method === "withoutStopWords") return removeStopWords(args[0], await loadStopWords(args[1]));
  const session = sessionOf(key, method);
  if (ASIDE.has(method)) return /** @type {any} */ (session.asides)[method](...args);
  if (CHANGES.has(method)) await session.asides.calm();
  return session.turn(() => ask(session, key, method, args));
}

/** @param {number} key @param {any} wanted what a session begins from, or a moment of another that it branches off */
async function create(key, { branchOf, ...start }) {
  const control = new AbortController();
  begun.set(key, control);
  try {
    const from = branchOf ? await sessionOf(branchOf.session, "create").branch(branchOf.step) : {};
    const tell = (/** @type {object} */ event) => send({ session: key, ...event });
    const session = await Session.open(await opened(), { ...start, ...from, workerUrl: openAnother }, tell, {
      signal: control.signal,
      progress: (done) => tell({ event: "reading", done }),
    });
    sessions.set(key, session);
    return session.describe();
  } finally {
    begun.delete(key);
  }
}

/** @param {number} key @param {string} method */
function sessionOf(key, method) {
  const session = sessions.get(key);
  if (!session) throw new UnrolledError("disposed", `this run is disposed; ${method}() needs a living one`);
  return session;
}

/** @returns {Promise<import("../core/index.js").Core>} */
async function opened() {
  if (!core) throw new UnrolledError("not-open", "the worker has no core yet; call open first");
  return core;
}

/** @param {Session} session @param {number} key @param {string} method @param {any[]} args */
async function ask(session, key, method, args) {
  if (method === "dispose") {
    session.dispose();
    return void sessions.delete(key);
  }
  if (method === "run") {
    session.run(...args);
    if (session.running) await session.slice(0); // a first step before the messages that wait
    return null;
  }
  if (OF_SESSION.has(method)) return /** @type {any} */ (session)[method](...args);
  if (OF_TRAINER.has(method)) return session.ask(method, args);
  throw new UnrolledError("no-method", `a worker has no method named ${method}`);
}

/** One more worker of this script, from wherever this one is: a file, a bundle, or a Blob. */
function openAnother() {
  if (script) address ??= URL.createObjectURL(script);
  return new Worker(address ?? self.location.href, { type: isModule() ? "module" : "classic" });
}

function isModule() {
  try {
    /** @type {any} */ (self).importScripts(); // of nothing: allowed in classic workers alone
    return false;
  } catch {
    return true;
  }
}

/** Whether there is a source for each variant, not one source. @param {any} value */
function isPlain(value) {
  return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}

/** @param {object} message */
function send(message) {
  self.postMessage(message, { transfer: buffersOf(message) });
}

/** The buffers of all typed arrays in a plain object: they are copies of ours, so they can be given away. */
function buffersOf(/** @type {unknown} */ value, /** @type {Set<ArrayBuffer>} */ found = new Set()) {
  if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer));
  else if (value && typeof value === "object" && !Array.isArray(value))
    for (const item of Object.values(value)) buffersOf(item, found);
  return [...found];
}

self.onmessage = async ({ data }) => {
  if (isOpening(data)) return serveSlices(/** @type {any} */ (self), data);
  const { id, session, method, args } = data;
  try {
    send({ id, result: await answer(session, method, args) });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      setTimeout(() => {
        throw error;
      }); // the core is broken: the owner hears of a crash
      return;
    }
    send({ id, error: plainError(error) });
  }
  keepTurning();
};
