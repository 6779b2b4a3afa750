import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { stage } from "./harness.js";

const EXAMPLES = new URL("../../web/examples/", import.meta.url);

/** What a host makes of an example. */
const pages = new Map();
const site = stage({ pages });

/** @param {string} name @param {string} path of the site @param {(page: any) => Promise<void>} check */
const example = (name, path, check) => site.inPage(name, check, { path });

const read = (name) => readFile(new URL(name, EXAMPLES), "utf8");
/** A page around a host's markup, with the site's files where the example says they are. */
const host = (body, head = "") => ({
  body: `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">${head}<body>${body}</body></html>`,
});
const learning = (scope) => scope.locator("unrolled-demo .count", { hasText: /step [\d,]{2}/ }).waitFor();
const rewritten = (markup) => markup.replaceAll("/unrolled/embed.html", "/embed.html");

example(
  "the element's example shows its loss and begins again with another seed",
  "examples/element.html",
  async (page) => {
    await learning(page);
    await page.waitForFunction(() => Number(document.querySelector("#loss").textContent) > 0);
    const first = await page.evaluate(() => document.querySelector("unrolled-demo").text);
    assert.ok(first.startsWith("(a(b)c)((d)e)") && first.endsWith("(z)") && first.split("\n").length === 5, first);
    await page.getByRole("button", { name: "another seed" }).click();
    await page.waitForFunction(() => document.querySelector("unrolled-demo").trainer?.settings.seed === 8);
  },
);

example("the frames' example starts both frames and hears their losses apart", "examples/iframe.html", async (page) => {
  for (const n of [0, 1]) await page.frameLocator("iframe").nth(n).getByRole("button", { name: "Start" }).waitFor();
  await page.getByRole("button", { name: "Start both" }).click();
  await page.getByText(/rnn: \d\.\d+ +lstm: \d\.\d+|lstm: \d\.\d+ +rnn: \d\.\d+/).waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll("iframe")].every((frame) => /^\d+px$/.test(frame.style.height)),
  );
});

example("the import map's example trains without a demo", "examples/import-map.html", async (page) => {
  await page.getByText(/step 200: \d\.\d+ nats/).waitFor();
  const losses = (await page.locator("#log").textContent()).match(/\d\.\d{3}/g).map(Number);
  assert.ok(losses.at(-1) < losses[0] / 2, `losses ${losses}`);
});

test("the Markdown examples hold markup that their hosts show as it stands", async () => {
  const mkdocs = /<unrolled-demo[\s\S]*<\/unrolled-demo>/.exec(await read("mkdocs.md"))[0];
  const quarto = /```\{=html\}\n([\s\S]*?)\n```/.exec(await read("quarto.qmd"))[1];
  const mdx = /<iframe [\s\S]*?\/>/.exec(await read("docusaurus.mdx"))[0];
  // What MDX makes of JSX: entities in addresses, a style sheet's words for an object's
  const docusaurus = mdx
    .replaceAll("&", "&amp;")
    .replace(/style=\{\{(.*)\}\}/, 'style="height: 360px; width: 100%"')
    .replace(/\/>$/, "></iframe>");
  const directive = /```\{iframe\} (\S+)/.exec(await read("jupyter-book.md"))[1];
  const book = `<iframe src="${directive.replaceAll("&", "&amp;")}" width="100%" height="360"></iframe>`;
  pages.set("/mkdocs.html", host(mkdocs, '<script type="module" src="unrolled-element.js"></script>'));
  for (const [name, markup] of Object.entries({ quarto, docusaurus, book }))
    pages.set(`/${name}.html`, host(rewritten(markup)));
  for (const name of ["mkdocs", "quarto", "docusaurus", "book"]) {
    const { page, errors, close } = await site.open();
    try {
      await page.goto(`${site.origin}/${name}.html`);
      await learning(name === "mkdocs" ? page : page.frameLocator("iframe"));
      assert.deepEqual(errors, [], name);
    } finally {
      await close();
    }
  }
});

test("a page that changes its content without loading anew leaves no worker of a demo that is gone", async () => {
  pages.set(
    "/instant.html",
    host(
      '<main><unrolled-demo units="16" batch="8" seq-len="16" autoplay></unrolled-demo></main>',
      '<script type="module" src="unrolled-element.js"></script>',
    ),
  );
  const { page, errors, close } = await site.open();
  try {
    await page.goto(`${site.origin}/instant.html`);
    for (let visit = 0; visit < 3; visit++) {
      await learning(page);
      assert.equal(page.workers().length, 1);
      const gone = page.workers()[0].waitForEvent("close");
      await page.evaluate(() => {
        const next = document.createElement("main");
        next.textContent = "Another page";
        document.querySelector("main").replaceWith(next);
      });
      await gone;
      assert.equal(page.workers().length, 0);
      await page.evaluate(() => {
        document.querySelector("main").innerHTML =
          '<unrolled-demo units="16" batch="8" seq-len="16" autoplay></unrolled-demo>';
      });
    }
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});

/** Plays the part of a notebook: a model of traits, a place to render, and the way back. */
const NOTEBOOK = `<div id="cell"></div><script type="module">
  import widget from "./anywidget.js";
  const listeners = new Map();
  const traits = { ...JSON.parse(TRAITS), step: 0, loss: 0 };
  window.saves = 0;
  window.savedAt = [];
  window.model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; for (const act of listeners.get("change:" + name) ?? []) act(); },
    save_changes: () => { window.saves++; window.savedAt.push(performance.now()); },
    on: (event, act) => { listeners.set(event, [...(listeners.get(event) ?? []), act]); },
    off: (event, act) => { listeners.set(event, (listeners.get(event) ?? []).filter((each) => each !== act)); },
  };
  window.heard = () => [...listeners.values()].flat().length;
  window.leave = await widget().render({ model, el: document.querySelector("#cell") });
</script>`;

test("a notebook shows the demo with its traits, hears of steps, changes it, and takes it away", async () => {
  const book = JSON.parse(await read("notebook.ipynb"));
  const source = book.cells.flatMap((cell) => cell.source).join("");
  const traits = Object.fromEntries(
    [...source.matchAll(/^ {4}(\w+) = traitlets\.\w+\((.*)\)\.tag/gm)].map(([, name, value]) => [
      name,
      JSON.parse(value.replace("True", "true")),
    ]),
  );
  assert.deepEqual([traits.cell, traits.seq_len, traits.views], ["lstm", 32, ["loss"]]);
  pages.set("/notebook.html", host(NOTEBOOK.replace("TRAITS", () => JSON.stringify(JSON.stringify(traits)))));
  const { page, errors, close } = await site.open();
  try {
    await page.goto(`${site.origin}/notebook.html`);
    await page.waitForFunction(() => window.model?.get("step") >= 10 && window.saves > 2);
    const pace = await page.evaluate(() => window.savedAt.slice(1).map((time, i) => time - window.savedAt[i]));
    assert.ok(Math.min(...pace) >= 395, `messages to the kernel ${pace.map(Math.round)} ms apart`);
    const settings = () => page.evaluate(() => document.querySelector("unrolled-demo").trainer?.settings);
    const { cell, hidden, seqLen, seed } = await settings();
    assert.deepEqual([cell, hidden, seqLen, seed], ["lstm", 32, 32, 3]);
    await page.evaluate(() => window.model.set("cell", "gru"));
    await page.waitForFunction(() => document.querySelector("unrolled-demo").trainer?.settings.cell === "gru");
    const gone = page.workers()[0].waitForEvent("close");
    await page.evaluate(() => window.leave());
    await gone;
    assert.equal(await page.evaluate(() => window.heard()), 0, "listeners left");
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});
