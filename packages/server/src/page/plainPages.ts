/** What is shown where there is no page, in the words of the program. */

const head =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">';

function page(title: string, lines: readonly string[], extra = ""): string {
  const body = lines.map((line) => `<p>${escaped(line)}</p>`).join("");
  return `${head}<title>${escaped(title)}</title>${extra}</head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;
}

export function noPageBuilt(version: string): string {
  return page("claude-orchestrator", [
    `The server of claude-orchestrator ${version} works, and there is no web page in this build.`,
    "Its API is at api/ (api/openapi.json describes it), and the command line asks it with --server.",
  ]);
}

/** Moves on by the page itself, so that the cookie, which is for requests of this site only, goes with it. */
export function signedIn(basePath: string): string {
  const refresh = `<meta http-equiv="refresh" content="0; url=${escaped(basePath)}/">`;
  return page("Signed in", ["You are signed in."], refresh);
}

export function signInRefused(): string {
  return page("This link signs nobody in", [
    "It was used already, or is older than ten minutes.",
    "claude-orchestrator sign-in prints a new one.",
  ]);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
