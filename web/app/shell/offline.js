const LATER = 4000; // ms after it is loaded, in which a page has its first pictures to draw

/**
 * Keeps the site for when there is no network, once the page stands. A build in one file leaves this out.
 * @param {URL} script the service worker's
 */
export function keepOffline(script) {
  const register = () => setTimeout(() => navigator.serviceWorker.register(script).catch(() => {}), LATER); // the page works without
  try {
    if ("serviceWorker" in navigator && isSecureContext && location.protocol !== "file:")
      addEventListener("load", register, { once: true });
  } catch {
    // a sandboxed frame may not even ask whether there is one
  }
}
