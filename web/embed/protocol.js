/* The messages between a page and the embed.html it shows in an iframe. Version 1.
 *
 * Every message is an object { unrolled: 1, channel, type, … }. `channel` is the text the page gave in the frame's
 * address (`#channel=…`, "" without one) and tells several frames of one page apart.
 *
 *   frame to page   { type: "ready" }                        it can be talked to               to anyone above it
 *                   { type: "height", height }               CSS pixels its content needs      to anyone above it
 *                   { type: "hello", version }               answer to a hello                 from here on only to
 *                   { type: "state", state }                 after a hello and at each change  the origin that said
 *                   { type: "error", code, message }         something was refused             hello
 *   page to frame   { type: "hello" }
 *                   { type: "command", command, value? }     "start" "pause" "step" "reset" "state"; "set" with
 *                                                            value { name: text }, options as in the address;
 *                                                            `text` may also be the text itself
 *
 * What is not such a message, or comes from elsewhere than the frame's parent (or the page's frame), is ignored:
 * no answer, no error. Nothing here needs cookies, storage or a shared origin. */

export const PROTOCOL_VERSION = 1;
export const COMMANDS = /** @type {const} */ (["start", "pause", "step", "reset", "state", "set"]);

/**
 * @typedef {{step: number, epoch: number, loss: number, running: boolean}} DemoState
 * @typedef {{type: "hello"} | {type: "command", command: typeof COMMANDS[number], value?: Record<string, string>}}
 * PageMessage
 * @typedef {{type: "ready"} | {type: "hello", version: number} | {type: "height", height: number}
 *   | {type: "state", state: DemoState} | {type: "error", code: string, message: string}} FrameMessage
 */

/**
 * @param {unknown} data
 * @param {string} channel
 * @returns {Record<string, unknown> | null} a message of this version and channel
 */
function addressed(data, channel) {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  const message = /** @type {Record<string, unknown>} */ (data);
  return message.unrolled === PROTOCOL_VERSION && message.channel === channel ? message : null;
}

/** @param {unknown} value @returns {value is Record<string, string>} */
function isTexts(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === "string")
  );
}

/** What a frame understands. @param {unknown} data @param {string} channel @returns {PageMessage | null} */
export function readPageMessage(data, channel) {
  const message = addressed(data, channel);
  if (message?.type === "hello") return { type: "hello" };
  if (message?.type !== "command") return null;
  const command = COMMANDS.find((name) => name === message.command);
  if (!command) return null;
  if (command !== "set") return { type: "command", command };
  return isTexts(message.value) ? { type: "command", command, value: { ...message.value } } : null;
}

/** @param {unknown} state @returns {state is DemoState} */
function isState(state) {
  if (typeof state !== "object" || state === null) return false;
  const { step, epoch, loss, running } = /** @type {Record<string, unknown>} */ (state);
  return [step, epoch, loss].every((value) => typeof value === "number") && typeof running === "boolean";
}

/** What a page understands. @param {unknown} data @param {string} channel @returns {FrameMessage | null} */
export function readFrameMessage(data, channel) {
  const message = addressed(data, channel);
  switch (message?.type) {
    case "ready":
      return { type: "ready" };
    case "hello":
      return typeof message.version === "number" ? { type: "hello", version: message.version } : null;
    case "height":
      return typeof message.height === "number" && message.height > 0 && message.height < Infinity
        ? { type: "height", height: message.height }
        : null;
    case "state":
      return isState(message.state) ? { type: "state", state: message.state } : null;
    case "error":
      return typeof message.code === "string" && typeof message.message === "string"
        ? { type: "error", code: message.code, message: message.message }
        : null;
    default:
      return null;
  }
}

/** The frame's end: tells its parent how it is, and does what the parent says. */
export class FrameEnd {
  #channel;
  #page;
  #window;
  /** Origin that said hello: "" before, "*" for one that has no name. */
  #origin = "";
  #lastHeight = 0;
  /** @type {(event: MessageEvent) => void} */
  #listener;

  /**
   * @param {Window} window the frame's own
   * @param {{channel?: string, parentOrigin?: string, onHello: () => void,
   *   onCommand: (command: typeof COMMANDS[number], value?: Record<string, string>) => void}} options
   *   parentOrigin: when given, the only origin that is listened to
   */
  constructor(window, { channel = "", parentOrigin = "", onHello, onCommand }) {
    this.#window = window;
    this.#page = window.parent;
    this.#channel = channel;
    this.#listener = (event) => {
      if (event.source !== this.#page || this.#page === window) return;
      if (parentOrigin && event.origin !== parentOrigin) return;
      const message = readPageMessage(event.data, channel);
      if (message?.type === "hello") {
        this.#origin = event.origin === "null" ? "*" : event.origin;
        this.send({ type: "hello", version: PROTOCOL_VERSION });
        onHello();
      } else if (message && this.#origin) {
        onCommand(message.command, message.value);
      }
    };
    window.addEventListener("message", this.#listener);
    this.#post({ type: "ready" }, "*");
  }

  /** @param {FrameMessage} message @param {string} origin */
  #post(message, origin) {
    if (this.#page !== this.#window)
      this.#page.postMessage({ unrolled: PROTOCOL_VERSION, channel: this.#channel, ...message }, origin);
  }

  /** To the page that said hello; before that, to nobody. @param {FrameMessage} message */
  send(message) {
    if (this.#origin) this.#post(message, this.#origin);
  }

  /** Tells the height, unless it is within 2 px of the last one told.
   * @param {number} height CSS pixels
   * @param {"" | "lti" | "embedly"} [dialect] also in the words of Canvas (lti) or Embedly */
  height(height, dialect = "") {
    const whole = Math.ceil(height);
    if (Math.abs(whole - this.#lastHeight) < 2) return;
    this.#lastHeight = whole;
    this.#post({ type: "height", height: whole }, "*");
    if (this.#page === this.#window) return;
    if (dialect === "lti") this.#page.postMessage(JSON.stringify({ subject: "lti.frameResize", height: whole }), "*");
    if (dialect === "embedly") this.#page.postMessage(JSON.stringify({ context: "iframe.resize", height: whole }), "*");
  }

  close() {
    this.#window.removeEventListener("message", this.#listener);
  }
}

/** The page's end of one frame: sets its height, and passes on what it says. Optional: a frame works without. */
export class PageEnd {
  #frame;
  #channel;
  /** @type {(event: MessageEvent) => void} */
  #listener;

  /**
   * @param {HTMLIFrameElement} frame
   * @param {{channel?: string, minHeight?: number, maxHeight?: number, onMessage?: (message: FrameMessage) => void}}
   * [options]
   */
  constructor(frame, { channel = "", minHeight = 100, maxHeight = 4000, onMessage = () => {} } = {}) {
    this.#frame = frame;
    this.#channel = channel;
    this.#listener = (event) => {
      if (event.source !== frame.contentWindow) return;
      const message = readFrameMessage(event.data, channel);
      if (!message) return;
      if (message.type === "ready") this.#post({ type: "hello" });
      if (message.type === "height") {
        const height = Math.min(Math.max(message.height, minHeight), maxHeight);
        if (Math.abs(height - frame.clientHeight) >= 2) frame.style.height = `${height}px`;
      }
      onMessage(message);
    };
    window.addEventListener("message", this.#listener);
    this.#post({ type: "hello" });
  }

  /** A sandboxed frame's origin has no name, so the address is "*"; only this frame's window receives it.
   * @param {PageMessage} message */
  #post(message) {
    this.#frame.contentWindow?.postMessage({ unrolled: PROTOCOL_VERSION, channel: this.#channel, ...message }, "*");
  }

  /** @param {typeof COMMANDS[number]} command @param {Record<string, string>} [value] */
  command(command, value) {
    this.#post({ type: "command", command, value });
  }

  close() {
    window.removeEventListener("message", this.#listener);
  }
}
