/** Headers that speak of one connection, not of the message: each side of a proxy has its own. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // Answered by our own server already.
  "expect",
]);

const credentials = new Set(["authorization", "x-api-key", "x-goog-api-key"]);

/** Header lines as they were received: name, value, name, value … */
export type RawHeaders = readonly string[];

/** Those of the message itself, in their order and spelling. */
export function endToEnd(raw: RawHeaders): string[] {
  const named = new Set(valuesOf(raw, "connection").flatMap((value) => value.toLowerCase().split(/\s*,\s*/)));
  return filter(raw, (name) => !hopByHop.has(name) && !named.has(name));
}

/** What goes to the API: with its host and the real key in place of ours. */
export function forUpstream(raw: RawHeaders, host: string, credential: readonly [string, string]): string[] {
  const kept = filter(endToEnd(raw), (name) => name !== "host" && !credentials.has(name));
  return ["Host", host, ...kept, ...credential];
}

/** Every token the request shows: as a key or as a bearer. */
export function tokensIn(raw: RawHeaders): readonly string[] {
  return [...credentials]
    .flatMap((name) => valuesOf(raw, name))
    .map((value) => value.replace(/^bearer\s+/i, "").trim())
    .filter((value) => value !== "");
}

export function valueOf(raw: RawHeaders, name: string): string | undefined {
  return valuesOf(raw, name)[0];
}

function valuesOf(raw: RawHeaders, name: string): readonly string[] {
  return raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
}

function filter(raw: RawHeaders, keeps: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = "", value = ""] = raw.slice(at, at + 2);
    if (keeps(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
