/**
 * Lets the browser keep the shell. Where it cannot (an address without TLS that is not this machine's, a private window), the
 * page works all the same, as long as the server answers.
 */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const address = new URL("sw.js", document.baseURI);
  navigator.serviceWorker.register(address, { updateViaCache: "none" }).catch(() => undefined);
}
