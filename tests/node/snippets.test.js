import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  demoOf,
  elementSnippet,
  iframeSnippet,
  markdownSnippet,
  notebookSnippet,
} from "../../web/app/keep/snippets.js";
import { State } from "../../web/app/state.js";
import enShare from "../../web/app/strings/en/share.js";
import zhShare from "../../web/app/strings/zh/share.js";
import { checkSettings } from "../../web/core/config.js";
import { readAttributes, readOptions, VIEWS } from "../../web/embed/options.js";

const demo = {
  names: {
    cell: "gru",
    units: "64",
    seqLen: "32",
    text: "tang",
    views: "sample loss",
    hide: "transport",
    autoplay: "true",
  },
  address: "https://book.example/unrolled/embed.html",
  caption: 'A "network" <learns>',
};
const link = "v=1&cell=gru&hidden=64&text=tang";

test("an iframe's snippet holds the link, a title and the narrowest sandbox, all escaped", () => {
  for (const snippet of [iframeSnippet(demo, link), markdownSnippet(demo, link)]) {
    assert.ok(
      snippet.includes('src="https://book.example/unrolled/embed.html#v=1&amp;cell=gru&amp;units=64&amp;text=tang"'),
      snippet,
    );
    assert.ok(snippet.includes('title="A &quot;network&quot; &lt;learns&gt;"'), snippet);
    assert.ok(snippet.includes('sandbox="allow-scripts"'), snippet);
  }
  assert.ok(!markdownSnippet(demo, link).includes("\n"), "one line, which no Markdown takes apart");
});

test("an element's snippet says by attribute what the page shows, and the element reads it so", () => {
  const snippet = elementSnippet(demo);
  const attributes = Object.fromEntries(
    [.../<unrolled-demo ([^>]*)>/.exec(snippet)[1].matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [
      name,
      value ?? "",
    ]),
  );
  const { sample, autoplay, ...rest } = readAttributes({ getAttribute: (name) => attributes[name] ?? null });
  assert.deepEqual({ ...rest, text: sample, autoplay: autoplay === "" ? "true" : "false" }, demo.names);
  assert.ok(snippet.includes('src="https://book.example/unrolled/unrolled-element.js"'));
});

test("a snippet says all that the page has otherwise than a demo, and a demo reads it so", async () => {
  const of = async (hash) => {
    const [state] = await State.of(hash);
    const { names, link } = await demoOf(state, { views: "loss", lang: "en" });
    const { text, ...said } = names;
    const { settings, problems, ...options } = readOptions({ ...said, sample: text }, ["moby-dick", "tang"]);
    assert.deepEqual(problems, []);
    return { said, link, state, settings, ...options };
  };
  const run = await of("#v=1&temperature=0.4&epochs=3&patience=0&prompt=Call&text=tang&hidden=32&clipMode=none");
  assert.deepEqual([run.temperature, run.epochs, run.patience, run.prompt, run.sample], [0.4, 3, 0, "Call", "tang"]);
  assert.deepEqual(run.settings, { hidden: 32, clipMode: "none" });
  assert.ok(!("patience" in run.said), "as a demo has it");
  const link = new URLSearchParams(run.link);
  assert.deepEqual([link.get("temperature"), link.get("epochs"), link.get("text")], ["0.4", "3", "tang"]);
  assert.equal((await of("#v=1")).patience, 6, "the page's own");
  for (const weightDecay of [0, 0.01, 0.3]) {
    const { settings } = await of(`#v=1&optimizer=adamw&weightDecay=${weightDecay}`);
    assert.equal(checkSettings(settings).weightDecay, weightDecay);
  }
});

test("a text of digits is a text in Python too", () => {
  const { text, ...names } = demo.names;
  assert.ok(
    notebookSnippet({ ...demo, names, words: "1".repeat(9) }).includes('text = traitlets.Unicode("111111111")'),
  );
});

test("a text of the author's own cannot leave its place in a snippet, and comes out of it as it was", () => {
  const { text, ...names } = demo.names;
  for (const words of [
    'He said: "</script><script>alert(1)</script>"',
    "</SCRIPT><img src=x onerror=alert(1)>",
    "<!--<script",
    "  a\n  b\n",
    "\n\n &amp;\r\n \n'<\\/script>'\t\r",
  ]) {
    const snippet = elementSnippet({ ...demo, names, words });
    const [, inside] = /^<unrolled-demo (?:[\w-]+(?:="[^"]*")? ?)*\btext="([^"<>]*)">$/m.exec(snippet);
    const named = { amp: "&", lt: "<", gt: ">", quot: '"' };
    const parsed = inside
      .replace(/\r\n?/g, "\n") // as HTML is read
      .replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) => named[name] ?? String.fromCharCode(code));
    assert.equal(parsed, words);
    assert.equal(snippet.match(/<\/?script/gi).length, 2, "the one that loads the element");
    assert.equal(snippet.match(/<img/g).length, 1, "its still picture");
    assert.doesNotMatch(inside, /\n/, "a tag of several lines is a paragraph to Markdown");
    assert.ok(
      notebookSnippet({ ...demo, names, words }).includes(`text = traitlets.Unicode(${JSON.stringify(words)})`),
    );
  }
});

test("a notebook's snippet has a trait for every option, under Python's spelling", () => {
  const snippet = notebookSnippet(demo);
  for (const line of [
    'cell = traitlets.Unicode("gru")',
    "units = traitlets.Int(64)",
    "seq_len = traitlets.Int(32)",
    "autoplay = traitlets.Bool(True)",
    'sample = traitlets.Unicode("tang")',
    "step = traitlets.Int(0)",
  ])
    assert.ok(snippet.includes(`    ${line}`), `${line} in\n${snippet}`);
  assert.ok(!/^ {4}text = /m.test(snippet));
});

test("what the examples say of generators and frameworks is what their sites do", () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const sites = readdirSync(new URL("../hosts/", import.meta.url), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8"))
    .join("\n");
  const recipes = /## Generators and frameworks([\s\S]*?)\n## /.exec(read("web/examples/README.md"))[1];
  const lines = [...recipes.matchAll(/`([^`]{20,}[;,\])])`/g)].map(([, line]) => line);
  assert.ok(lines.length >= 7, lines.join("\n"));
  for (const line of lines) assert.ok(sites.includes(line), `${line} is in no site of tests/hosts`);
});

test("the examples name every view there is", () => {
  const text = readFileSync(new URL("../../web/examples/README.md", import.meta.url), "utf8");
  const table = /\| `views` \|[\s\S]*?\n\n/.exec(text)[0];
  for (const name of VIEWS) assert.ok(table.includes(`\`${name}\``), name);
});

/** Every key on the way to a string. */
const keys = (value, path = "") =>
  typeof value === "string" ? [path] : Object.entries(value).flatMap(([name, inner]) => keys(inner, `${path}.${name}`));
/** The holes of every string. */
const holes = (value) =>
  typeof value === "string" ? [(value.match(/\{\w+\}/g) ?? []).sort().join()] : Object.values(value).flatMap(holes);

test("the words of keeping and sharing are there in both languages, with the same holes", () => {
  assert.deepEqual(keys(zhShare), keys(enShare));
  assert.deepEqual(holes(zhShare), holes(enShare));
});
