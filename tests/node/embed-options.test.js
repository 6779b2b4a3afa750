import assert from "node:assert/strict";
import { test } from "node:test";
import { SETTINGS } from "../../web/core/config.js";
import { decodeShare } from "../../web/app/share.js";
import { ATTRIBUTES, attributeOf, linkOf, PRESETS, problemsOf, readAttributes } from "../../web/embed/options.js";

/** An element that has nothing but attributes. */
const tag = (attributes) => ({ getAttribute: (name) => attributes[name] ?? null });

test("every setting can be said by attribute, with dashes or run together", () => {
  for (const name of Object.keys(SETTINGS)) {
    assert.deepEqual(readAttributes(tag({ [attributeOf(name)]: "1" })), { [name]: "1" });
    assert.deepEqual(readAttributes(tag({ [name.toLowerCase()]: "1" })), { [name]: "1" });
  }
  assert.equal(ATTRIBUTES.get("seq-len"), "seqLen");
});

test("hidden is units where it is a number, and HTML's own attribute where it is not", () => {
  assert.deepEqual(readAttributes(tag({ hidden: "64" })), { hidden: "64" });
  assert.deepEqual(readAttributes(tag({ hidden: "" })), {});
  assert.deepEqual(readAttributes(tag({ hidden: "until-found" })), {});
  assert.deepEqual(readAttributes(tag({ "hidden-units": "32" })), { hidden: "32" });
});

test("no attribute of HTML that runs a script or moves the element is read", () => {
  assert.deepEqual(readAttributes(tag({ onclick: "x", style: "x", id: "x", class: "x", src: "x", is: "x" })), {});
});

test("attributes become a link that reads back as the same settings, over those of a preset", async () => {
  const { settings, text, problems } = await decodeShare(
    linkOf({ preset: "memory", hidden: "20", seed: "9", sample: "tang" }, "en"),
    { allow: ["lang"] },
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(settings, { cell: "lstm", hidden: 20, seqLen: 96, batch: 16, seed: 9 });
  assert.deepEqual(text, { kind: "sample", name: "tang" });
});

test("every preset holds settings that pass the check", async () => {
  for (const preset of Object.keys(PRESETS)) {
    const { problems } = await decodeShare(linkOf({ preset }, "en"), { allow: ["lang", "epochs"] });
    assert.deepEqual(problems, [], preset);
  }
});

test("what a demo cannot take is said with what there is", () => {
  assert.deepEqual(
    problemsOf({ views: "score flow", hide: "controls, cell seqLen", preset: "small", theme: "dark", height: "480" }),
    [],
  );
  const problems = problemsOf({ views: "skore", hide: "all", preset: "__proto__", theme: "pink", height: "100%" });
  assert.equal(problems.length, 5);
  assert.match(problems[0], /views has "skore"; there are sample, loss, travel/);
  assert.equal(linkOf({ preset: "constructor" }, "en"), "lang=en");
});
