/* Keeps the page for when there is no network. What one version of the site is made of is kept together: a new version
 * waits until no tab shows the old one. Only what this site has is ever asked for or kept.
 *
 * A first visit costs no more than it would without: what it loaded is kept, which is enough to learn again. From the
 * second visit on all the rest is kept as well: other languages, texts, sections.
 *
 * NEEDED, REST and VERSION are put in by the build. */
import { supportedVariants } from "./core/wasm/module.js";

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const NAME = `unrolled ${VERSION}`;

scope.addEventListener("install", (event) => {
  const files = [...NEEDED, `wasm/unrolled-${supportedVariants()[0]}.wasm`];
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(files)));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith("unrolled ") && name !== NAME) await caches.delete(name);
    })(),
  );
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope.registration.scope)) return;
  event.respondWith(answer(request));
  if (request.mode === "navigate") event.waitUntil(keepRest());
});

/** What is kept, or else what the network has, which is then kept as well. @param {Request} request */
async function answer(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}

async function keepRest() {
  const cache = await caches.open(NAME);
  // the next visit tries again
  for (const file of REST) if (!(await cache.match(file))) await cache.add(file).catch(() => {});
}
