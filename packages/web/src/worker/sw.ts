/**
 * Keeps the page's shell (its index and its hashed files, nothing else) so that it opens where the server does not answer. What it
 * then shows is what the page itself kept, and it says from when.
 *
 * 1. Nothing of the API is ever kept or answered from here: what is shown as live is live.
 * 2. The index comes from the server whenever that answers: a new version is there with the next page that is opened.
 * 3. Files of the version before stay until the next one: a page that is open can still read its other screens.
 */
import { requestKind, shellFiles } from "./shellFiles.ts";

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: WorkerEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: RequestEvent) => void): void;
}

const worker = self as unknown as Worker;
const cacheName = "shell";
const { scope } = worker.registration;
const indexAddress = new URL("index.html", scope).href;
const manifestAddress = new URL(".vite/manifest.json", scope).href;

worker.addEventListener("install", (event) => event.waitUntil(refresh()));

// The first page is taken up at once: it has nothing of another version.
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const kind = requestKind(event.request, scope);
  if (kind === "asset") event.respondWith(fromCacheFirst(event.request));
  if (kind !== "page") return;
  const answer = fetch(event.request);
  event.respondWith(answer.catch(() => keptIndex()));
  event.waitUntil(answer.then(({ ok }) => (ok ? refresh() : undefined)).catch(() => undefined));
});

/** Hashed files never change: one that is there is right. */
async function fromCacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? (await fetch(request));
}

async function keptIndex(): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(indexAddress)) ?? Response.error();
}

/** Takes over the server's version, where it is another one than what is kept. */
async function refresh(): Promise<void> {
  const cache = await caches.open(cacheName);
  const [index, manifest] = await Promise.all([asked(indexAddress), asked(manifestAddress)]);
  if (index === undefined || manifest === undefined) return;
  const before = await cache.match(manifestAddress);
  const text = await manifest.clone().text();
  const textBefore = await before?.text();
  if (text === textBefore && (await cache.match(indexAddress)) !== undefined) return;
  const files = addressesIn(text);
  const known = new Set([...files, ...addressesIn(textBefore)]);
  await Promise.all(files.map((file) => keep(cache, file)));
  await cache.put(indexAddress, index);
  await cache.put(manifestAddress, manifest);
  for (const request of await cache.keys()) {
    if (requestKind(request, scope) === "asset" && !known.has(request.url)) await cache.delete(request);
  }
}

async function keep(cache: Cache, address: string): Promise<void> {
  if ((await cache.match(address)) === undefined) await cache.add(address);
}

/** Undefined where the server does not answer, or not with the file. */
async function asked(address: string): Promise<Response | undefined> {
  try {
    const response = await fetch(address, { cache: "no-cache" });
    return response.ok && !response.redirected ? response : undefined;
  } catch {
    return undefined;
  }
}

function addressesIn(manifest: string | undefined): readonly string[] {
  try {
    return shellFiles(JSON.parse(manifest ?? "{}")).map((file) => new URL(file, scope).href);
  } catch {
    return [];
  }
}
