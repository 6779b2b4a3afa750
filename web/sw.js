/* Keeps the page for when there is no network. What one version of the site is made of is kept together: a new version
 * waits until no tab shows the old one. Only what this site has is ever asked for, answered or kept: other things of its
 * host, also those beside it and the same site in another folder, are left alone.
 *
 * A first visit costs little more than it would without: what it loaded is kept, which is enough to learn again. From the
 * second visit on all the rest is kept as well: other languages, texts, sections.
 *
 * NEEDED, REST and VERSION are put in by the build. */
import { supportedVariants } from "./core/wasm/module.js";

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const HOME = scope.registration.scope;
const OURS = `unrolled ${HOME} `; // caches belong to an origin, which may have several of us
const NAME = OURS + VERSION;
const FORMER = /^unrolled [0-9a-f]{16}$/; // before it said whose it is

const addressOf = (/** @type {string} */ file) => new URL(file, HOME).href;
const needed = [...NEEDED, `wasm/unrolled-${supportedVariants()[0]}.wasm`].map(addressOf);
const rest = REST.map(addressOf);
const site = new Set([...needed, ...rest]);

/** As the server has it now: the browser's own cache may hold that of another version. @type {RequestInit} */
const FRESH = { cache: "no-cache" };
const ask = (/** @type {string} */ address) => new Request(address, FRESH);

scope.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(needed.map(ask))));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if ((name.startsWith(OURS) && name !== NAME) || FORMER.test(name)) await caches.delete(name);
    })(),
  );
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = request.url.replace(/[?#].*/s, "");
  if (request.method !== "GET" || !site.has(address)) return;
  event.respondWith(answer(address, request, (work) => event.waitUntil(work)));
  if (request.mode === "navigate") event.waitUntil(keepRest());
});

/**
 * What is kept, or else what the network has, which is then kept as well, where there is room.
 * @param {string} address @param {Request} request @param {(work: Promise<unknown>) => void} until
 */
async function answer(address, request, until) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(address);
  if (kept) return kept;
  const response = await fetch(request, FRESH);
  if (response.status === 200) until(cache.put(address, response.clone()).catch(() => {}));
  return response;
}

async function keepRest() {
  const cache = await caches.open(NAME);
  // the next visit tries again
  for (const address of rest) if (!(await cache.match(address))) await cache.add(ask(address)).catch(() => {});
}
