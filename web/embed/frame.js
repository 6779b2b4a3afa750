/** embed.html: the demo alone in an iframe, told by the address what to show and by messages what to do. */
import { decodeShare } from "../app/share.js";
import "./element.js";
import { attributeOf, LINK_NAMES, OWN_NAMES } from "./options.js";
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
  const known = [...LINK_NAMES, ...OWN_NAMES].includes(name);
  if (known) demo.setAttribute(attributeOf(name === "hidden" ? "hiddenUnits" : name), value);
  return known;
}

async function open() {
  const demo = /** @type {UnrolledDemo} */ (document.createElement("unrolled-demo"));
  const address = readAddress(location);
  const text = address.get("text");
  address.delete("text");
  address.delete("v");
  /** @type {{code: string, message: string}[]} */
  const problems = [];
  if (text !== null) {
    const { text: source, problems: refused } = await decodeShare(new URLSearchParams({ text }).toString());
    problems.push(...refused);
    if (source?.kind === "inline") demo.text = source.text;
    else if (source?.kind === "sample") demo.setAttribute("sample", source.name);
    else if (source)
      problems.push({
        code: "no-text",
        message: `The address speaks of a text of ${source.bytes} bytes, which it does not carry; a sample is learnt instead.`,
      });
  }
  for (const [name, value] of address) {
    if (!FRAME_NAMES.includes(name) && !setOption(demo, name, value))
      problems.push({
        code: "bad-link",
        message: `The address says ${JSON.stringify(name.slice(0, 40))}, which is not a name this page knows.`,
      });
  }
  const end = new FrameEnd(window, {
    channel: address.get("channel") ?? "",
    parentOrigin: address.get("parent-origin") ?? "",
    onHello: () => {
      tellState();
      for (const problem of problems) end.send({ type: "error", ...problem });
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
    end.send({ type: "error", code, message });
  });
  document.querySelector("main")?.append(demo);
  demo.addEventListener(
    "unrolled-ready",
    () => {
      for (const { message } of problems.splice(0)) demo.say(message);
    },
    { once: true },
  );
  const dialect = address.get("resize");
  const tellHeight = () =>
    end.height(demo.getBoundingClientRect().height, dialect === "lti" || dialect === "embedly" ? dialect : "");
  new ResizeObserver(tellHeight).observe(demo);
}

open();
