/** What the worker does with a request. */
export type RequestKind = "page" | "asset" | "none";

export interface AskedFor {
  readonly url: string;
  readonly method: string;
  /** `navigate` for a page of its own. */
  readonly mode: string;
}

/**
 * Pages and hashed files of the shell are the worker's; the API, signing in and everything elsewhere never are. `scope` is
 * where the page is served, with a slash at its end.
 */
export function requestKind({ url, method, mode }: AskedFor, scope: string): RequestKind {
  if (method !== "GET" || !url.startsWith(scope)) return "none";
  const path = url.slice(scope.length).replace(/[?#].*$/, "");
  if (/^(api|sign-in)(\/|$)/i.test(path)) return "none";
  if (path.startsWith("assets/")) return "asset";
  return mode === "navigate" ? "page" : "none";
}

/** Every hashed file that a build's manifest names, relative to the scope. Of what is no manifest, none. */
export function shellFiles(manifest: unknown): readonly string[] {
  if (typeof manifest !== "object" || manifest === null) return [];
  const files = Object.values(manifest).flatMap((chunk: unknown): unknown[] => {
    if (typeof chunk !== "object" || chunk === null) return [];
    const { file, css, assets } = chunk as Readonly<Record<string, unknown>>;
    return [file, ...(Array.isArray(css) ? css : []), ...(Array.isArray(assets) ? assets : [])];
  });
  const hashed = files.filter((file): file is string => typeof file === "string" && /^assets\/[^/]+$/.test(file));
  return [...new Set(hashed)];
}
