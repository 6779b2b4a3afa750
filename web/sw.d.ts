/** Put in by the build: the site's files, relative to it: those a first visit loads, and the others. */
declare const NEEDED: string[];
declare const REST: string[];
/** A hash of what is in all of them. */
declare const VERSION: string;

/** The part of a service worker's surroundings that sw.js uses. */
interface ServiceWorkerGlobalScope {
  readonly registration: ServiceWorkerRegistration;
  addEventListener(type: "install" | "activate", listener: (event: Event & { waitUntil(work: Promise<unknown>): void }) => void): void;
  addEventListener(type: "fetch", listener: (event: Event & { request: Request, respondWith(answer: Promise<Response>): void, waitUntil(work: Promise<unknown>): void }) => void): void;
}
