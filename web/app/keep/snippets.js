/* What "Embed this" hands out: the demo of the page's present settings, as text to paste. Pure functions. */
import { unflatten } from "../../core/config.js";
import { attributeOf, nameOf, typeOf, USUAL } from "../../embed/options.js";
import { encodeShare } from "../share.js";

/** @typedef {{names: Record<string, string>, words?: string, address: string, caption: string}} Demo
 * names: options by name; words: the text to learn, where it is the author's own; address: of embed.html; caption: what
 * a reader is told it is */

const HEIGHT = 500; // CSS pixels, as high as a demo is at most

const ENTITIES = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
});

/** @param {string} text */
const escapeText = (text) => text.replace(/[&<>"']/g, (c) => ENTITIES[c]);

/** What an attribute would lose, or Markdown take for its own: to it a tag of several lines is a paragraph. */
const BREAKS = /[\r\n]/g;

/** The folder an address lies in. @param {string} address */
const folderOf = (address) => address.replace(/[^/]*$/, "");

/** A link of the page as the frame's address says it. @param {string} link */
const framed = (link) =>
  new URLSearchParams([...new URLSearchParams(link)].map(([name, value]) => [nameOf(name), value])).toString();

/**
 * What the page has now, as a demo is told it.
 * @param {import("../state.js").State} state
 * @param {Record<string, string>} chosen options of what to show
 * @returns {Promise<{link: string, names: Record<string, string>}>} link: the whole hash
 */
export async function demoOf(state, chosen) {
  const { settings, text, textName, probe, prompt, hold, temperature, epochs, patience } = state;
  /** @type {[string, any][]} */
  const own = Object.entries({ ...chosen, prompt, hold, temperature, epochs, patience });
  const said = own.filter(([name, value]) => value !== "" && value !== /** @type {any} */ (USUAL)[name]);
  const extra = Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
  const link = await encodeShare({ settings: unflatten(settings), probe, text, extra });
  const names = [...new URLSearchParams(link)].filter(([name]) => name !== "v" && name !== "text");
  if (textName !== "own") names.push(["text", textName]);
  return { link, names: Object.fromEntries(names.map(([name, value]) => [nameOf(name), value])) };
}

/** @param {Demo} demo @param {string} link the whole hash, text included */
export function iframeSnippet({ address, caption }, link) {
  return `<iframe src="${escapeText(`${address}#${framed(link)}`)}" title="${escapeText(caption)}"
  sandbox="allow-scripts" loading="lazy" style="width: 100%; height: ${HEIGHT}px; border: 0"></iframe>
<script>
  addEventListener("message", ({ data, source }) => {
    if (data?.unrolled !== 1 || data.type !== "height") return;
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow === source) frame.style.height = Math.min(Math.max(data.height, 100), 4000) + "px";
  });
</script>`;
}

/** @param {Demo} demo */
export function elementSnippet({ names, words, address, caption }) {
  const attributes = Object.entries(names).map(([name, value]) => {
    const attribute = attributeOf(name === "text" ? "sample" : name);
    return name === "autoplay" ? attribute : `${attribute}="${escapeText(value)}"`;
  });
  if (words !== undefined)
    attributes.push(`text="${escapeText(words).replace(BREAKS, (c) => `&#${c.charCodeAt(0)};`)}"`);
  const folder = folderOf(address);
  return `<script type="module" src="${escapeText(folder)}unrolled-element.js"></script>
<unrolled-demo ${attributes.join(" ")}>
  <img slot="still" src="${escapeText(folder)}assets/still.svg" alt="${escapeText(caption)}">
</unrolled-demo>`;
}

/**
 * The iframe on lines of its own and without a script, which every Markdown takes.
 * @param {Demo} demo
 * @param {string} link
 */
export function markdownSnippet({ address, caption }, link) {
  return `<iframe src="${escapeText(`${address}#${framed(link)}`)}" title="${escapeText(caption)}" sandbox="allow-scripts" loading="lazy" width="100%" height="${HEIGHT}"></iframe>`;
}

/** A trait as Python writes it. @param {string} name of an option @param {string} value */
function trait(name, value) {
  const type = typeOf(name);
  if (type === "boolean") return `Bool(${value === "true" ? "True" : "False"})`;
  if (type === "text") return `Unicode(${JSON.stringify(value)})`;
  return `${type === "integer" ? "Int" : "Float"}(${value})`;
}

/** @param {Demo} demo */
export function notebookSnippet({ names, words }) {
  const { text: sample, ...others } = names;
  const traits = {
    ...others,
    ...(sample === undefined ? {} : { sample }),
    ...(words === undefined ? {} : { text: words }),
  };
  const lines = Object.entries(traits).map(
    ([name, value]) =>
      `    ${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} = traitlets.${trait(name, value)}.tag(sync=True)`,
  );
  return `import anywidget, pathlib, traitlets

class Unrolled(anywidget.AnyWidget):
    _esm = pathlib.Path("anywidget.js")
${lines.join("\n")}
    step = traitlets.Int(0).tag(sync=True)
    loss = traitlets.Float(0).tag(sync=True)

Unrolled()`;
}
