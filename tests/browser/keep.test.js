import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { loadCore, readSafetensors, Trainer } from "../../web/core/index.js";
import en from "../../web/app/strings/en/index.js";
import enShare from "../../web/app/strings/en/share.js";
import { SMALL, pauseAt, stage, until, waitForStep } from "./harness.js";

/** Pages of somebody else's beside the site. */
const pages = new Map();
const here = stage({ pages });

const HASH = `${SMALL}&seed=11`;
/** So slow that Node soon has made as many steps; little is held back, for measuring it takes as long as many of them. */
const SLOW = { hidden: 128, batch: 8, seqLen: 64, seed: 11, validation: 0.02 };
const SLOW_HASH = `#${new URLSearchParams({ v: 1, ...SLOW, core: "simd", view: "keep" })}`;
const OWN = "to be, or not to be: that is the question; ".repeat(40);
const button = (page, name) => page.getByRole("button", { name, exact: true });
const notice = (page, text) => page.locator(".notice", { hasText: text });
const saved = (page) => page.locator(".runs tbody tr");

/** A test in the page at an address, once it learns. */
function inPage(name, body, options) {
  here.inPage(
    name,
    async (page) => {
      await waitForStep(page, 3);
      await body(page);
    },
    { hash: `${HASH}&view=keep`, acceptDownloads: true, ...options },
  );
}

/** What a button gives to keep, by the file's ending. */
async function download(page, name, count = 1) {
  const files = {};
  const arriving = new Promise((done) =>
    page.on("download", async (file) => {
      files[file.suggestedFilename().split(".").at(-1)] = await readFile(await file.path());
      if (Object.keys(files).length === count) done();
    }),
  );
  await button(page, name).click();
  await arriving;
  page.removeAllListeners("download");
  return files;
}

/** Training losses by step, as the page writes them down. */
async function losses(page) {
  const { csv } = await download(page, enShare.take.csv);
  const rows = csv
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  return new Map(rows.filter(([, loss]) => loss).map(([step, loss]) => [Number(step), Number(loss)]));
}

/** Holds losses to those that Node's "simd" core has for the same text and the settings SLOW. */
async function assertSameAsNode(got, text) {
  const trainer = new Trainer(await loadCore({ variant: "simd" }), { text, ...SLOW });
  assert.ok(got.size >= 20, `${got.size} losses`);
  assert.deepEqual(
    [...got.keys()],
    Array.from(got.keys(), (_, i) => i + 1),
    "every step from the first on",
  );
  for (const [step, loss] of got) assert.equal(loss, trainer.step().loss, `loss of step ${step}`);
  trainer.dispose();
}

inPage(
  "a copied link replays the same losses bit for bit, elsewhere and in Node",
  async (page) => {
    await page.locator("#u-own").fill(OWN);
    await button(page, en.text.learn).click();
    await page.getByText(`${OWN.length.toLocaleString("en")} characters`).waitFor();
    await button(page, enShare.share.copy).click();
    await page.waitForFunction(() => document.querySelector("#u-share-link")?.value.includes("#"));
    const link = await page.locator("#u-share-link").inputValue();
    assert.match(link, /#.*core=simd/);
    await pauseAt(page); // the cores are the other's now
    const other = await here.open({ acceptDownloads: true });
    try {
      await other.page.goto(link);
      await other.page.locator(".dock-choice").waitFor({ state: "attached" });
      await waitForStep(other.page, 40);
      await pauseAt(other.page);
      await assertSameAsNode(await losses(other.page), OWN);
      assert.deepEqual(other.errors, []);
    } finally {
      await other.close();
    }
  },
  { hash: SLOW_HASH.replace("&core=simd", "") },
);

inPage("of two links opened one upon the other, the last is what is shown", async (page) => {
  for (const hidden of [20, 24, 28]) {
    await page.evaluate((n) => {
      location.hash = `v=1&hidden=${n}&batch=8&seqLen=16&text=tang&core=${n === 24 ? "auto" : "simd"}`;
    }, hidden);
    await page.waitForTimeout(30);
  }
  await page.waitForFunction(
    () => document.querySelector("#u-hidden")?.value === "28" && document.querySelector("#u-text").value === "tang",
  );
  await page.waitForTimeout(500);
  await waitForStep(page, 5);
  assert.equal(await page.locator("#u-hidden").inputValue(), "28");
  assert.equal(await page.locator(".notice-error").count(), 0);
});

inPage(
  "a link that speaks of a longer text asks for it, and knows it when it is given",
  async (page) => {
    const long = Array.from({ length: 900 }, (_, i) => `line ${i * i}`).join(", "); // lines are slow to be filled in
    await page.locator("#u-own").fill(long);
    await button(page, en.text.learn).click();
    await page.waitForFunction(() => location.hash.includes("sha256"));
    const link = page.url();
    await pauseAt(page); // the cores are the other's now
    const other = await here.open();
    try {
      await other.page.goto(link);
      await notice(other.page, "too short to carry").waitFor();
      assert.equal(await other.page.locator("[data-number=step]").textContent(), "0");
      assert.equal(await button(other.page, en.bar.start).isDisabled(), true, "nothing is learnt meanwhile");
      assert.equal(await other.page.getByText(en.bar.opening).count(), 0);
      await other.page.locator("#u-own").fill(long);
      await button(other.page, en.text.learn).click();
      await notice(other.page, en.notice.sameText).waitFor();
    } finally {
      await other.close();
    }
  },
  { hash: `${HASH}&view=keep&patience=0` },
);

inPage("a link that speaks of a longer text has the run before rest, and undo brings it back", async (page) => {
  await page.evaluate(() => {
    location.hash = `v=1&hidden=20&text=sha256.${"0".repeat(64)}.9000`;
  });
  await notice(page, "too short to carry").waitFor();
  assert.equal(await page.locator("[data-number=step]").textContent(), "0");
  assert.equal(await button(page, en.bar.start).isDisabled(), true);
  await button(page, en.notice.undo).click();
  await waitForStep(page, 3);
  assert.equal(await page.locator("#u-text").inputValue(), "moby-dick");
  assert.equal(await notice(page, "too short to carry").count(), 0);
});

inPage(
  "a run that is written down while another text is on its way is not written down as that one's",
  async (page) => {
    await page.evaluate(() => {
      /** @type {any} */ (window).holds = true;
    });
    await page.locator("#u-text").selectOption("tang");
    await page.waitForFunction(() => location.hash.includes("text=tang"));
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await saved(page).first().waitFor();
    assert.match(await saved(page).first().locator("th").textContent(), new RegExp(en.text["moby-dick"]));
  },
  {
    init: () => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, ...rest) {
        const isHeld = /** @type {any} */ (window).holds && message.method === "create";
        if (!isHeld) post.call(this, message, ...rest);
      };
    },
  },
);

inPage(
  "what is looked into of one text is not looked into of the next, and a run that is gone on with names its own",
  async (page) => {
    await page.locator("#u-own").fill(OWN);
    await button(page, en.text.learn).click();
    await page.getByText(`${OWN.length.toLocaleString("en")} characters`).waitFor();
    await waitForStep(page, 3);
    await page.locator(".u-probe summary").click();
    await page.locator("#u-probe").fill("not to be");
    await page.waitForFunction(() => location.hash.includes("probe=not"));
    await page.locator("#u-text").selectOption("tang");
    await page.waitForFunction(() => location.hash.includes("text=tang"));
    assert.doesNotMatch(page.url(), /probe=/);
    await page.waitForFunction(() => document.querySelector("#u-probe")?.value !== "not to be"); // once the run stands
    await saved(page)
      .filter({ hasText: en.text.own })
      .getByRole("button", { name: new RegExp(`^${enShare.keep.open}`) })
      .click();
    await page.getByText(`${OWN.length.toLocaleString("en")} characters`).waitFor();
    assert.equal(await page.locator("#u-text").inputValue(), "own");
  },
);

inPage(
  "a kept run is offered after a reload and goes on with the same bits; it can be renamed, deleted and had back",
  async (page) => {
    await waitForStep(page, 30);
    const shown = await pauseAt(page);
    await button(page, enShare.keep.keep).click();
    await page.getByText(/^“.*” is kept/).waitFor();
    await page.reload();
    await notice(page, "You have a saved run").waitFor();
    assert.equal(await page.locator("[data-number=step]").textContent(), "0", "none is begun before");
    await button(page, en.bar.start).waitFor();
    const offered = await notice(page, "You have a saved run").textContent();
    const step = Number(/step ([\d,]+)/.exec(offered)[1].replaceAll(",", ""));
    assert.ok(step >= shown, `step ${shown} was seen before it was kept: ${offered}`);
    await button(page, enShare.keep.goOn).click();
    await page.waitForFunction(() => Number(document.querySelector("#u-travel").max) > 3); // its moments are there
    await waitForStep(page, step + 20);
    await pauseAt(page);
    const moby = await (await page.request.get(`${here.origin}/assets/moby-dick.txt`)).text();
    const got = await losses(page);
    assert.ok(
      got.size >= step + 20,
      `one history, from before and after the reload: ${got.size} losses, kept at step ${step}`,
    );
    await assertSameAsNode(got, moby);

    await page
      .getByRole("button", { name: /^Rename/ })
      .first()
      .click();
    await page.locator(".runs tbody input").fill("My <b>best</b>");
    await page.locator(".runs tbody input").press("Enter");
    const row = saved(page).filter({ hasText: "My <b>best</b>" });
    await row.waitFor();
    await page.setViewportSize({ width: 390, height: 844 }); // where a table's heads have no place
    const heads = await row
      .locator("td.num")
      .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, "::before").content));
    assert.deepEqual(heads.slice(0, 2), ['"Step "', '"Loss, nats "']);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.reload();
    await page.locator(".runs tbody tr").first().waitFor();
    assert.equal(await saved(page).count(), 1, "it has no twin");
    await row.getByRole("button", { name: /^Delete/ }).click();
    await row.waitFor({ state: "detached" });
    await button(page, enShare.keep.undo).click();
    await row.waitFor();
    await row.getByRole("button", { name: /^Continue/ }).click();
    await page.waitForFunction(() => Number(document.querySelector("#u-travel").max) > 3); // its moments are back as well
  },
  { hash: SLOW_HASH },
);

inPage(
  "a run is offered also where the store opens after the page stands",
  async (page) => {
    await pauseAt(page);
    await button(page, enShare.keep.keep).click();
    await page.getByText(/^“.*” is kept/).waitFor();
    await page.reload();
    await notice(page, "You have a saved run").waitFor();
    assert.equal(await page.locator("[data-number=step]").textContent(), "0", "none is begun before");
  },
  {
    init: () => {
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (...asked) {
        const request = open.apply(this, asked);
        Object.defineProperty(request, "onsuccess", {
          set: (tell) => request.addEventListener("success", (event) => setTimeout(tell, 1000, event)),
        });
        return request;
      };
    },
  },
);

inPage("a run is written down when the page is hidden", async (page) => {
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await saved(page).first().waitFor();
  await page.reload();
  await notice(page, "You have a saved run").waitFor();
});

inPage(
  "where nothing can be stored it says so, and the page works",
  async (page) => {
    await page.getByText(enShare.keep.missing).waitFor();
    await waitForStep(page, 20);
  },
  {
    init: () => {
      Object.defineProperty(window, "indexedDB", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
    },
  },
);

inPage(
  "a full storage is told once, with what can be done",
  async (page) => {
    await button(page, enShare.keep.keep).click();
    await notice(page, /no room for [\d.]+ MB more: delete a saved run/).waitFor();
    await waitForStep(page, 20);
  },
  {
    init: () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    },
  },
);

inPage("a downloaded run opens on another machine and goes on", async (page) => {
  await waitForStep(page, 20);
  await pauseAt(page);
  const { safetensors } = await download(page, enShare.take.checkpoint);
  const { tensors } = readSafetensors(new Uint8Array(safetensors));
  assert.deepEqual(tensors.get("rnn.weight_hh_l0").shape, [64, 16]);
  const step = tensors.get("progress").data[0];
  assert.ok(step >= 20);
  const other = await here.open();
  try {
    await other.page.goto(`${here.origin}/index.html#v=1&cell=rnn&view=keep`);
    await waitForStep(other.page, 1);
    await other.page
      .locator("#u-open-run")
      .setInputFiles({ name: "mine.safetensors", mimeType: "", buffer: safetensors });
    await notice(other.page, `mine.safetensors goes on at step ${step.toLocaleString("en")}.`).waitFor();
    await waitForStep(other.page, step + 5);
    assert.equal(await other.page.locator("#u-cell").inputValue(), "lstm");
    await other.page
      .locator("#u-open-run")
      .setInputFiles({ name: "cut.safetensors", mimeType: "", buffer: safetensors.subarray(0, 5000) });
    await notice(other.page, "cut.safetensors could not be opened").waitFor();
    await waitForStep(other.page, step + 10);
    assert.deepEqual(other.errors, []);
  } finally {
    await other.close();
  }
});

inPage(
  "a network that does not know the page's text is looked into, and what would begin anew asks for one it can learn",
  async (page) => {
    const text = OWN.slice(0, 400);
    const trainer = new Trainer(await loadCore(), { text, hidden: 12, batch: 4, seqLen: 16 });
    trainer.step(5);
    const buffer = Buffer.from(trainer.save());
    const known = trainer.vocabulary.join("");
    trainer.dispose();
    await page.locator("#u-open-run").setInputFiles({ name: "mine.safetensors", mimeType: "", buffer });
    await notice(page, "mine.safetensors is open at step 5").waitFor();
    const hidden = page.locator("#u-hidden");
    assert.equal(await hidden.inputValue(), "12");
    assert.equal(await page.locator("#u-probe").inputValue(), known);
    assert.equal(await page.locator("#u-text").inputValue(), "own");
    await hidden.fill("20");
    await hidden.press("Enter");
    await notice(page, en.errors["no-text"]).waitFor();
    assert.equal(await hidden.inputValue(), "12");
    await page.waitForFunction(() => location.hash.includes("hidden=12"));
  },
  { hash: `${HASH}&text=tang&view=keep` },
);

inPage("files for PyTorch, ONNX and a trace are handed out", async (page) => {
  const { safetensors, py } = await download(page, enShare.take.pytorch, 2);
  assert.ok(safetensors.length > 10_000);
  assert.match(py.toString(), /^CHECK_LOSS = \d+\.\d+/m);
  assert.match(py.toString(), /"unrolled-lstm-16-step-\d+\.safetensors"/);
  const { onnx } = await download(page, enShare.take.onnx);
  assert.ok(onnx.includes("LSTM") && onnx.includes("probabilities"));
  const { json } = await download(page, enShare.take.trace);
  const trace = JSON.parse(json.toString());
  assert.deepEqual(trace.hidden.shape, [1, trace.tokens.length, 16]);
});

inPage("the snippets of Embed this work as they are handed out", async (page) => {
  await button(page, enShare.embed.open).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(enShare.embed.parts.unrolled, { exact: true }).uncheck();
  for (const name of ["sample", "loss"]) await dialog.getByLabel(enShare.embed.parts[name], { exact: true }).check();
  const snippets = {};
  for (const kind of ["iframe", "element", "markdown", "notebook"]) {
    await dialog.locator("#u-embed-kind").selectOption(kind);
    await page.waitForFunction(
      (wanted) =>
        document
          .querySelector("#u-embed-snippet")
          .value.includes({ element: "unrolled-demo", notebook: "anywidget" }[wanted] ?? "<iframe"),
      kind,
    );
    snippets[kind] = await dialog.locator("#u-embed-snippet").inputValue();
  }
  await button(dialog, enShare.embed.close).click();
  assert.match(snippets.notebook, /views = traitlets\.Unicode\("sample loss"\)/);
  for (const kind of ["iframe", "element", "markdown"]) {
    pages.set(`/${kind}.html`, {
      body: `<!doctype html><title>Host</title><link rel="icon" href="data:,">${snippets[kind]}`,
    });
    await page.goto(`${here.origin}/${kind}.html`);
    const scope = kind === "element" ? page : page.frameLocator("iframe");
    await scope.locator("unrolled-demo .count", { hasText: /step [1-9]/ }).waitFor();
    assert.equal(await scope.locator("unrolled-demo .sample").isVisible(), true, `${kind}: what it writes`);
    assert.equal(await scope.locator("unrolled-demo .u-score").count(), 0, `${kind}: no score`);
    assert.equal(await scope.locator("unrolled-demo [data-group=text]").isVisible(), false, `${kind}: no text`);
    const units = () => /** @type {any} */ (document.querySelector("unrolled-demo")).trainer.settings.hidden;
    const at = kind === "element" ? page : page.frames()[1];
    assert.equal(await at.evaluate(units), 16, `${kind}: its settings`);
  }
  await page.goto(`${here.origin}/iframe.html`);
  await page.frameLocator("iframe").locator("unrolled-demo .count").waitFor();
  await page.frames()[1].evaluate(() => document.querySelector("unrolled-demo")?.setAttribute("height", "320"));
  await page.waitForFunction(() => document.querySelector("iframe")?.style.height === "320px"); // as the snippet reads it
});

inPage("a name that is being typed is not lost when the run is written down meanwhile", async (page) => {
  const hide = () =>
    page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  await hide();
  await page.getByRole("button", { name: /^Rename/ }).click();
  const box = page.locator(".runs tbody input");
  await box.fill("half a na");
  const kept = () =>
    page.evaluate(async () => {
      const open = indexedDB.open("unrolled-runs");
      const database = await new Promise((done) => {
        open.onsuccess = () => done(open.result);
      });
      const all = database.transaction("runs").objectStore("runs").getAll();
      return new Promise((done) => {
        all.onsuccess = () => done(Math.max(...all.result.map(({ step = 0 }) => step)));
      });
    });
  const before = await kept();
  await waitForStep(page, before + 20);
  await hide();
  await until(async () => (await kept()) > before, "it to be written down");
  assert.equal(await box.inputValue(), "half a na");
  await box.press("Enter");
  await saved(page).filter({ hasText: "half a na" }).waitFor();
});
