/** embed.html: the demo alone in an iframe, told by the address what to show and by messages what to do. */
import { decodeShare } from "../app/share.js";
import { TEXTS } from "../app/text/texts.js";
import "./element.js";
import { attributeOf, optionOf } from "./options.js";
import { FrameEnd } from "./protocol.js";

/** @import { UnrolledDemo } from "./element.js" */

/** Names of the address that are about the frame. */
const FRAME_NAMES = ["channel", "parent-origin", "resize"];

/** What the address says; behind "#" wins over behind "?". @param {Location} location */
function readAddress({ search, hash }) {
  const all = new URLSearchParams(search);
  for (const [name, value] of new URLSearchParams(hash.slice(1))) all.set(name, value);
  return all;
}

/** @param {UnrolledDemo} demo @param {string} name one of ours: no other attribute is ever set @param {string} value */
function setOption(demo, name, value) {
  const option = optionOf(name);
  if (option === "sample") demo.text = undefined;
  if (option) demo.setAttribute(attributeOf(option), value);
  return Boolean(option);
}

/**
 * Learns a text as an address says it: packed, or a sample's name.
 * @param {UnrolledDemo} demo @param {string} value @param {() => boolean} [wanted] asked once it is unpacked
 * @returns {Promise<Parameters<UnrolledDemo["refuse"]>[0]>} what of it could not be taken
 */
async function setText(demo, value, wanted = () => true) {
  const { text: source, problems } = await decodeShare(new URLSearchParams({ text: value }).toString());
  if (!wanted()) return [];
  if (source?.kind === "inline") demo.text = source.text;
  else if (source?.kind === "sample") setOption(demo, "sample", source.name);
  else if (source) return [{ kind: "needText", name: "text", value: String(source.bytes) }];
  return problems;
}

/** A command's text may also be the text itself. @param {string} value */
const isWritten = (value) => !Object.hasOwn(TEXTS, value) && !/^(deflate|sha256)\.[\w.-]*$/.test(value);

async function open() {
  const demo = /** @type {UnrolledDemo} */ (document.createElement("unrolled-demo"));
  const address = readAddress(location);
  const text = address.get("text");
  address.delete("text");
  address.delete("v");
  if (!address.get("lang")) address.set("lang", navigator.language);
  document.documentElement.lang = /** @type {string} */ (address.get("lang"));
  const problems = text === null ? [] : [...(await setText(demo, text))];
  for (const [name, value] of address) {
    if (!FRAME_NAMES.includes(name) && !setOption(demo, name, value))
      problems.push({ kind: "unknown", name: name.slice(0, 40), value });
  }
  demo.refuse(problems);
  /** What was refused, for a page that says hello later. @type {{code: string, message: string}[]} */
  const errors = [];
  let texts = 0; // that commands set
  const end = new FrameEnd(window, {
    channel: address.get("channel") ?? "",
    parentOrigin: address.get("parent-origin") ?? "",
    onHello: () => {
      tellState();
      for (const error of errors) end.send({ type: "error", ...error });
    },
    onCommand: (command, value = {}) => {
      if (command === "state") return tellState();
      if (command !== "set") return void demo[command]().then(tellState, tellFailure);
      for (const [name, text] of Object.entries(value)) {
        if (optionOf(name) === "text") {
          const turn = ++texts;
          if (isWritten(text)) demo.text = text;
          else setText(demo, text, () => turn === texts).then((refused) => demo.refuse(refused), tellFailure);
        } else if (!setOption(demo, name, text))
          end.send({
            type: "error",
            code: "bad-setting",
            message: `There is no setting ${JSON.stringify(name.slice(0, 40))}.`,
          });
      }
    },
  });
  const tellState = () => end.send({ type: "state", state: demo.state });
  const tellFailure = (/** @type {any} */ { code = "failed", message }) => end.send({ type: "error", code, message });
  for (const event of ["unrolled-ready", "unrolled-step", "unrolled-running"]) demo.addEventListener(event, tellState);
  demo.addEventListener("unrolled-error", (event) => {
    const { code, message } = /** @type {CustomEvent} */ (event).detail;
    errors.push({ code, message });
    end.send({ type: "error", code, message });
  });
  document.querySelector("main")?.append(demo);
  const dialect = address.get("resize");
  const tellHeight = () =>
    end.height(demo.getBoundingClientRect().height, dialect === "lti" || dialect === "embedly" ? dialect : "");
  new ResizeObserver(tellHeight).observe(demo);
}

open();
