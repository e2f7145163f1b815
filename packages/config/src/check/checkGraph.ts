import type { Draft, DraftNeed } from "../expand/draft.ts";
import { quoted } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";
import { nearest } from "../suggestions.ts";
import type { Reporter } from "./reporter.ts";

/** Who waits for whom. A group's node stands for all members of a matrix, or the last of a sequence. */
export interface NeedGraph {
  readonly names: ReadonlySet<string>;
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
}

interface Edge {
  readonly to: string;
  readonly path: Path | undefined;
}

/** Groups have nodes of their own, told from instances by a character no name can hold. */
const groupMark = "\n";

/** Builds the graph of needs. Names that do not exist lead nowhere. */
export function needGraph(drafts: readonly Draft[]): NeedGraph {
  const own = new Set(drafts.map((draft) => draft.name));
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const members = draft.matrix === undefined ? undefined : groups.get(draft.group);
    if (members === undefined) groups.set(draft.group, [draft]);
    else members.push(draft);
  }
  const edges = new Map<string, readonly Edge[]>();
  for (const draft of drafts) {
    edges.set(
      draft.name,
      draft.needs.map(({ instance, path }) => ({ to: own.has(instance) ? instance : `${groupMark}${instance}`, path })),
    );
  }
  for (const [group, members] of groups) {
    if (!own.has(group))
      edges.set(
        `${groupMark}${group}`,
        members.map((member) => ({ to: member.name, path: undefined })),
      );
  }
  return { names: new Set([...own, ...groups.keys()]), edges };
}

/** Reports needs that name nothing, an instance that needs itself, and cycles, each as the path `a -> b -> a`. */
export function checkGraph(drafts: readonly Draft[], graph: NeedGraph, reporter: Reporter): void {
  for (const draft of drafts) for (const need of draft.needs) checkNeed(draft, need, graph.names, reporter);
  const settled = new Set<string>();
  for (const draft of drafts) reportCycles(draft.name, graph, settled, reporter);
}

function checkNeed(draft: Draft, { instance, path }: DraftNeed, names: ReadonlySet<string>, reporter: Reporter): void {
  if (path === undefined) return;
  if (instance === draft.name || (instance === draft.group && draft.matrix !== undefined)) {
    reporter.at(path, `${quoted(instance)} needs itself`, { hint: "remove it from its own `needs`" });
  } else if (!names.has(instance)) {
    const hint = (): string => {
      const near = nearest(instance, [...names]);
      if (near !== undefined) return `did you mean \`${near}\`?`;
      return `the instances are ${[...names].slice(0, 8).join(", ")}${names.size > 8 ? ", …" : ""}`;
    };
    reporter.at(path, `there is no instance ${quoted(instance)} to need`, { hint });
  }
}

interface Step {
  readonly name: string;
  /** Where the need that led here is written. */
  readonly path: Path | undefined;
  next: number;
}

/** Walks depth first without recursion; an edge back to a name on the way closes a cycle. */
function reportCycles(start: string, { edges }: NeedGraph, settled: Set<string>, reporter: Reporter): void {
  if (settled.has(start)) return;
  const way: Step[] = [{ name: start, path: undefined, next: 0 }];
  const onWay = new Set([start]);
  for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
    const edge = edges.get(step.name)?.[step.next];
    step.next += 1;
    if (edge === undefined) {
      settled.add(step.name);
      onWay.delete(step.name);
      way.pop();
    } else if (onWay.has(edge.to)) {
      reportCycle(
        [...way.slice(way.findIndex(({ name }) => name === edge.to)), { name: edge.to, path: edge.path, next: 0 }],
        reporter,
      );
    } else if (!settled.has(edge.to)) {
      onWay.add(edge.to);
      way.push({ name: edge.to, path: edge.path, next: 0 });
    }
  }
}

function reportCycle(cycle: readonly Step[], reporter: Reporter): void {
  const path = cycle.findLast((step) => step.path !== undefined)?.path;
  const names = cycle.filter(({ name }) => !name.startsWith(groupMark)).map(({ name }) => name);
  const [first] = names;
  if (first === undefined || path === undefined) return;
  const closed = names.at(-1) === first && names.length > 1 ? names : [...names, first];
  // An instance that needs itself has its own sentence.
  if (closed.length === 2) return;
  const hint = "remove one of these needs";
  reporter.at(path, `these instances wait for one another: ${closed.join(" -> ")}`, { hint });
}
