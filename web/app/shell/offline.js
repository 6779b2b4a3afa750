/**
 * Keeps the site for when there is no network, once the page stands. A build in one file leaves this out.
 * @param {URL} script the service worker's
 */
export function keepOffline(script) {
  const register = () => navigator.serviceWorker.register(script).catch(() => {}); // the page works without
  try {
    if ("serviceWorker" in navigator && isSecureContext && location.protocol !== "file:")
      addEventListener("load", register, { once: true });
  } catch {
    // a sandboxed frame may not even ask whether there is one
  }
}
