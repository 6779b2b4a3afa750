/** embed.html: the demo alone in an iframe, told by the address what to show and by messages what to do. */
import { decodeShare } from "../app/share.js";
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
  if (option) demo.setAttribute(attributeOf(option), value);
  return Boolean(option);
}

async function open() {
  const demo = /** @type {UnrolledDemo} */ (document.createElement("unrolled-demo"));
  const address = readAddress(location);
  const text = address.get("text");
  address.delete("text");
  address.delete("v");
  /** @type {Parameters<UnrolledDemo["refuse"]>[0][number][]} */
  const problems = [];
  if (text !== null) {
    const { text: source, problems: refused } = await decodeShare(new URLSearchParams({ text }).toString());
    problems.push(...refused);
    if (source?.kind === "inline") demo.text = source.text;
    else if (source?.kind === "sample") demo.setAttribute("sample", source.name);
    else if (source) problems.push({ kind: "needText", name: "text", value: String(source.bytes) });
  }
  for (const [name, value] of address) {
    if (!FRAME_NAMES.includes(name) && !setOption(demo, name, value))
      problems.push({ kind: "unknown", name: name.slice(0, 40), value });
  }
  demo.refuse(problems);
  /** What was refused, for a page that says hello later. @type {{code: string, message: string}[]} */
  const errors = [];
  const end = new FrameEnd(window, {
    channel: address.get("channel") ?? "",
    parentOrigin: address.get("parent-origin") ?? "",
    onHello: () => {
      tellState();
      for (const error of errors) end.send({ type: "error", ...error });
    },
    onCommand: (command, value = {}) => {
      if (command === "state") return tellState();
      if (command !== "set") return demo[command]().then(tellState);
      for (const [name, text] of Object.entries(value)) {
        if (!setOption(demo, name, text))
          end.send({
            type: "error",
            code: "bad-setting",
            message: `There is no setting ${JSON.stringify(name.slice(0, 40))}.`,
          });
      }
    },
  });
  const tellState = () => end.send({ type: "state", state: demo.state });
  for (const event of ["unrolled-ready", "unrolled-step"]) demo.addEventListener(event, tellState);
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
