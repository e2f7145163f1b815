import type { Reporter } from "../check/reporter.ts";
import type { NeedGraph } from "../check/checkGraph.ts";
import { fieldPath, type Draft } from "../expand/draft.ts";
import { quoted } from "../shown.ts";

/** Instances by the session they share, in the order of the file; only sessions of more than one. */
export function sharedSessions(drafts: readonly Draft[]): ReadonlyMap<string, readonly Draft[]> {
  const shared = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const id = draft.fields.session_id;
    if (id === undefined) continue;
    const sharers = shared.get(id);
    if (sharers === undefined) shared.set(id, [draft]);
    else sharers.push(draft);
  }
  return new Map([...shared].filter(([, sharers]) => sharers.length > 1));
}

/**
 * Files of the older shape gave one session to several instances "to build on each other's work" but ran them all at once,
 * which no CLI allows: here each waits for the one before it, whatever became of it.
 */
export function chainSessions(drafts: readonly Draft[]): readonly Draft[] {
  const before = new Map<string, string>();
  return drafts.map((draft) => {
    const id = draft.fields.session_id;
    if (id === undefined) return draft;
    const previous = before.get(id);
    before.set(id, draft.name);
    if (previous === undefined) return draft;
    return { ...draft, needs: [...draft.needs, { instance: previous, when: "always", path: undefined }] };
  });
}

/**
 * The instances that continue a session of another, each with the one just before it, which it must come after. Two that share a session and
 * do not wait for one another are reported: both would write it at once.
 */
export function resumingInstances(
  drafts: readonly Draft[],
  graph: NeedGraph,
  reporter: Reporter,
): ReadonlyMap<string, string> {
  const resuming = new Map<string, string>();
  for (const [id, sharers] of sharedSessions(drafts)) {
    const ordered = inOrderOfNeeds(sharers, graph);
    for (const [at, draft] of ordered.entries()) {
      const previous = ordered[at - 1];
      if (previous === undefined) continue;
      resuming.set(draft.name, previous.name);
      if (waitsFor(draft.name, previous.name, graph)) continue;
      const hint = `let one need the other: \`needs: [${previous.name}]\`, or name another session`;
      const message = `${quoted(draft.name)} and ${quoted(previous.name)} would write the session ${quoted(id)} at the same time`;
      reporter.at(fieldPath(draft, "session_id", reporter), message, { hint });
    }
  }
  return resuming;
}

/** Those that wait for fewer come first; equal ones stay in the order of the file. */
function inOrderOfNeeds(sharers: readonly Draft[], graph: NeedGraph): readonly Draft[] {
  const names = new Set(sharers.map((draft) => draft.name));
  const rank = new Map(sharers.map((draft) => [draft.name, countReached(draft.name, names, graph)]));
  return sharers.toSorted((a, b) => (rank.get(a.name) ?? 0) - (rank.get(b.name) ?? 0));
}

function countReached(start: string, wanted: ReadonlySet<string>, graph: NeedGraph): number {
  let total = 0;
  for (const name of reached(start, graph)) if (wanted.has(name)) total += 1;
  return total;
}

function waitsFor(later: string, earlier: string, graph: NeedGraph): boolean {
  return reached(later, graph).has(earlier);
}

function reached(start: string, { edges }: NeedGraph): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const { to } of edges.get(name) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}
