/** The site's service worker, over caches and a network that only remember what they were asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";

/** The script of one version, as .ci/build-offline.js makes it. @param {string} version */
async function scriptOf(version) {
  const { outputFiles } = await build({
    entryPoints: ["web/sw.js"],
    bundle: true,
    format: "iife",
    write: false,
    define: {
      NEEDED: JSON.stringify(["./", "index.html", "app/main.js"]),
      REST: JSON.stringify(["assets/tang.txt"]),
      VERSION: JSON.stringify(version),
      "import.meta.url": '""',
    },
  });
  return outputFiles[0].text;
}

/** An origin: what its server says, what it was asked, and what its caches keep. */
class Origin {
  /** @type {Map<string, Map<string, string>>} */ kept = new Map();
  /** @type {Request[]} */ asked = [];
  full = false;

  fetch = async (/** @type {Request} */ request, /** @type {RequestInit} */ options) => {
    const asked = request instanceof Request ? request : new Request(/** @type {any} */ (request).url, options);
    this.asked.push(asked);
    return new Response(`the server's ${asked.url}`);
  };

  /** @param {string} name */
  #cache(name) {
    const files = this.kept.get(name) ?? new Map();
    this.kept.set(name, files);
    const add = async (/** @type {Request} */ request) => {
      if (this.full) throw new Error("QuotaExceededError");
      files.set(request.url, await (await this.fetch(request)).text());
    };
    return {
      add,
      addAll: (/** @type {Request[]} */ requests) => Promise.all(requests.map(add)),
      match: async (/** @type {string} */ address) => files.has(address) && new Response(files.get(address)),
      put: async (/** @type {string} */ address, /** @type {Response} */ response) => {
        if (this.full) throw new Error("QuotaExceededError");
        files.set(address, await response.text());
      },
    };
  }

  caches = {
    open: async (/** @type {string} */ name) => this.#cache(name),
    keys: async () => [...this.kept.keys()],
    delete: async (/** @type {string} */ name) => this.kept.delete(name),
  };

  /** The worker of a folder, installed and active. @param {string} scope @param {string} version */
  async serve(scope, version) {
    /** @type {Record<string, (event: any) => void>} */ const listeners = {};
    const self = {
      registration: { scope },
      addEventListener: (/** @type {string} */ name, /** @type {(event: any) => void} */ act) =>
        (listeners[name] = act),
    };
    new Function("self", "caches", "fetch", await scriptOf(version))(self, this.caches, this.fetch);
    /** Tells it, and waits until it is done. @param {string} name @param {object} [event] */
    const tell = async (name, event = {}) => {
      /** @type {Promise<unknown>[]} */ const works = [];
      /** @type {Promise<Response> | undefined} */ let answer;
      listeners[name]({
        ...event,
        waitUntil: (/** @type {Promise<unknown>} */ work) => works.push(work),
        respondWith: (/** @type {Promise<Response>} */ given) => (answer = given),
      });
      const text = await (await answer)?.text();
      for (const work of works) await work;
      return text;
    };
    await tell("install");
    await tell("activate");
    /** What it says to a page that asks; undefined: it leaves that to the browser.
     * @param {string} path @param {object} [more] of the request */
    return (path, more) => tell("fetch", { request: { url: scope + path, method: "GET", mode: "cors", ...more } });
  }
}

const HOME = "https://author.example/";

test("what a version is made of is asked of the server, whatever the browser's own cache still holds", async () => {
  const origin = new Origin();
  const ask = await origin.serve(HOME, "one");
  assert.equal(origin.asked.length, 4, "what a visit needs, and a module");
  origin.kept.get(`unrolled ${HOME} one`)?.delete(`${HOME}app/main.js`);
  await ask("app/main.js");
  await ask("", { mode: "navigate" });
  assert.equal(origin.asked.length, 6, "what was lost, and the rest");
  for (const { url, cache } of origin.asked) assert.equal(cache, "no-cache", url);
});

test("what is not of the site is neither answered nor kept, and what is, is, with words behind its name", async () => {
  const origin = new Origin();
  const ask = await origin.serve(HOME, "one");
  origin.asked = [];
  for (const path of ["api?x=1", "api?x=2", "embed.html", "embed.js", "examples/iframe.html", "app/other.js"])
    assert.equal(await ask(path), undefined, path);
  assert.equal(await ask("app/main.js", { method: "POST" }), undefined);
  for (const path of ["", "?lang=zh", "index.html?x=1#v=1", "app/main.js?x=2"])
    assert.equal(await ask(path), `the server's ${HOME}${path.replace(/[?#].*/, "")}`);
  assert.deepEqual(origin.asked, [], "all of it is kept");
});

test("where there is no room, what the network has is answered all the same", async () => {
  const origin = new Origin();
  const ask = await origin.serve(HOME, "one");
  origin.full = true;
  assert.equal(await ask("assets/tang.txt"), `the server's ${HOME}assets/tang.txt`);
  origin.full = false;
  await ask("assets/tang.txt");
  origin.asked = [];
  assert.equal(await ask("assets/tang.txt"), `the server's ${HOME}assets/tang.txt`);
  assert.deepEqual(origin.asked, [], "and kept where there is again");
});

test("two copies of the site on one host keep each its own, and a new version drops its own old one alone", async () => {
  const origin = new Origin();
  const names = (/** @type {string[]} */ ...all) => all.map((name) => `unrolled ${HOME}${name}`);
  await origin.serve(`${HOME}v1/`, "one");
  await origin.serve(`${HOME}v2/`, "two");
  assert.deepEqual([...origin.kept.keys()], names("v1/ one", "v2/ two"));
  const ask = await origin.serve(`${HOME}v1/`, "three");
  assert.deepEqual([...origin.kept.keys()], names("v2/ two", "v1/ three"));
  origin.asked = [];
  assert.equal(await ask("app/main.js"), `the server's ${HOME}v1/app/main.js`);
  assert.deepEqual(origin.asked, []);
});
