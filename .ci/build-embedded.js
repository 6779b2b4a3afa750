/* What runs by itself, with worker and modules inside:
 *   dist/unrolled-element.js  <unrolled-demo>, a module      dist/anywidget.js  the same for notebooks
 *   dist/site/embed.js        what embed.html loads: a classic script, as a sandboxed frame may load no module of its
 *   own site
 *   dist/unrolled.html        the whole page in one file */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { everythingInside, pageStyles, SHARED } from "./inside.js";
import { at } from "./paths.js";
import { drawStill } from "./still.js";

export async function buildElement() {
  const plugins = [everythingInside(["simd"])];
  await build({
    ...SHARED,
    plugins,
    entryPoints: ["web/embed/element.js"],
    outfile: "dist/unrolled-element.js",
    format: "esm",
  });
  await build({
    ...SHARED,
    plugins,
    entryPoints: ["web/embed/anywidget.js"],
    outfile: "dist/anywidget.js",
    format: "esm",
  });
  await build({
    ...SHARED,
    plugins,
    entryPoints: ["web/embed/frame.js"],
    outfile: "dist/site/embed.js",
    format: "iife",
    define: { "import.meta.url": "document.baseURI" },
  });
  for (const name of ["unrolled-element.js", "anywidget.js", "unrolled-inline.js"])
    copyFileSync(at("dist", name), at("dist/site", name));
  cpSync(at("web/examples"), at("dist/site/examples"), { recursive: true });
  mkdirSync(at("dist/site/assets"), { recursive: true });
  writeFileSync(at("dist/site/assets/still.svg"), await drawStill());
}

/* Five characters are four bytes, to base 85: a quarter more than the bytes, where base64 is a third. The digits are
 * "(" to "|", with "}" for "<", which could end the element they stand in. */
const LOADER = `(async () => {
  const packed = document.getElementById("packed"), text = packed.textContent, view = new DataView(new ArrayBuffer(text.length / 5 * 4));
  for (let i = 0; i < text.length; i += 5) {
    let n = 0;
    for (let j = i; j < i + 5; j++) { const c = text.charCodeAt(j); n = n * 85 + (c === 125 ? 60 : c) - 40; }
    view.setUint32(i / 5 * 4, n);
  }
  const bytes = new Uint8Array(view.buffer, 0, packed.dataset.bytes);
  const script = document.createElement("script");
  script.textContent = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  document.head.append(script);
})()`;

/** @param {Buffer} bytes @returns {string} what LOADER reads */
function toBase85(bytes) {
  const whole = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  let text = "";
  for (let at = 0; at < whole.length; at += 4) {
    let n = whole.readUInt32BE(at),
      digits = "";
    for (let j = 0; j < 5; j++, n = Math.floor(n / 85)) {
      const code = 40 + (n % 85);
      digits = String.fromCharCode(code === 60 ? 125 : code) + digits;
    }
    text += digits;
  }
  return text;
}

/** @param {string} text */
const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** One file: the page's markup, its styles and script gzipped, and a policy that lets it ask nothing of anyone. */
export async function buildOneFile() {
  const { outputFiles } = await build({
    ...SHARED,
    plugins: [everythingInside(["relaxed", "simd"])],
    entryPoints: ["web/app/main.js"],
    format: "iife",
    write: false,
    define: { "import.meta.url": "document.baseURI" },
  });
  const styles = JSON.stringify((await pageStyles()).trim());
  // Styles made by script need no leave of the policy, where a <style> does.
  const script = `{ const sheet = new CSSStyleSheet(); sheet.replaceSync(${styles}); document.adoptedStyleSheets.push(sheet); }\n${outputFiles[0].text}`;
  const packed = gzipSync(script, { level: 9 });
  const policy = `default-src 'none'; script-src ${hashOf(LOADER)} ${hashOf(script)} 'wasm-unsafe-eval'; worker-src blob:; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  const icon = readFileSync(at("assets/icon.svg")).toString("base64");
  const page = readFileSync(at("web/index.html"), "utf8")
    .replace(/(http-equiv="Content-Security-Policy" content=")[^"]*/, (_, start) => start + policy)
    .replace(/<link rel="icon"[^>]*>/, () => `<link rel="icon" href="data:image/svg+xml;base64,${icon}">`)
    .replace(/<link rel="(stylesheet|preload|manifest|modulepreload)"[^>]*>\n?/g, "")
    .replace(/<script type="module"[^>]*><\/script>\n?/, "")
    .replace(
      "</body>",
      () =>
        `<script type="text/plain" id="packed" data-bytes="${packed.length}">${toBase85(packed)}</script>\n<script>${LOADER}</script>\n</body>`,
    );
  if (/\b(src|href)="(?!data:)/.test(page)) throw new Error("dist/unrolled.html still refers to another file");
  writeFileSync(at("dist/unrolled.html"), page);
}
