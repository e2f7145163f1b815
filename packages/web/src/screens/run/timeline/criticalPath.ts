import { membersIn } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import type { TimelineRow } from "./spans.ts";

/**
 * The chain of instances that decided how long the run took, first to last: from the one that ended last (or still works)
 * back to whatever it needed that ended last, and so on.
 */
export function criticalPath(plan: Pick<Plan, "instances">, rows: readonly TimelineRow[]): readonly string[] {
  const ends = new Map(
    rows.filter(({ began }) => began !== undefined).map((row) => [row.name, row.settled ?? Infinity]),
  );
  const needs = new Map(plan.instances.map((instance) => [instance.name, instance.needs]));
  const membersOf = membersIn(plan);
  const path: string[] = [];
  let name = lastOf([...ends.keys()], ends);
  while (name !== undefined && !path.includes(name)) {
    path.unshift(name);
    const members = (needs.get(name) ?? []).flatMap((need) => membersOf(need.instance));
    name = lastOf(
      members.map((member) => member.name),
      ends,
    );
  }
  return path;
}

function lastOf(names: readonly string[], ends: ReadonlyMap<string, number>): string | undefined {
  let last: string | undefined;
  for (const name of names) {
    const end = ends.get(name);
    if (end !== undefined && (last === undefined || end > (ends.get(last) ?? 0))) last = name;
  }
  return last;
}
