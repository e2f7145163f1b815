/** A run's id, as it stands in an address, a command or a line of a log. */
const runId = /run_[0-9a-z]{10}(?![0-9a-z])/;

/**
 * Where what was pasted leads: an address of this page to just there, anything that holds a run's id to that run. `base` is where
 * this page is served. Undefined where it is neither.
 */
export function pasted(text: string, base: string): string | undefined {
  const trimmed = text.trim();
  const root = base.endsWith("/") ? base : `${base}/`;
  const below = trimmed.startsWith(root) ? trimmed.slice(root.length) : undefined;
  if (below !== undefined && !/^(api|sign-in|assets)(\/|$)/.test(below)) return `/${below}`;
  const id = runId.exec(trimmed)?.[0];
  return id === undefined ? undefined : `/runs/${id}`;
}
