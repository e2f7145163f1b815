import type { PlanGraph } from "./graphOf.ts";
import type { GraphNode } from "./graphOf.ts";

/** The boxes by how many stand before them at most: those of one level wait for none of each other. */
export function levelsOf({ nodes, edges }: PlanGraph): readonly (readonly GraphNode[])[] {
  const before = new Map<string, string[]>();
  for (const { from, to } of edges)
    before
      .set(to, before.get(to) ?? [])
      .get(to)
      ?.push(from);
  const known = new Map<string, number>();
  const levelOf = (id: string): number => {
    const level = known.get(id);
    if (level !== undefined) return level;
    // Folded groups can stand in a circle: whoever is come back to counts as the first.
    known.set(id, 0);
    // A joint is no box, and no level.
    const own = Math.max(-1, ...(before.get(id) ?? []).map(levelOf)) + (isBox.has(id) ? 1 : 0);
    known.set(id, own);
    return own;
  };
  const isBox = new Set(nodes.map(({ id }) => id));
  const levels: GraphNode[][] = [];
  for (const node of nodes) (levels[levelOf(node.id)] ??= []).push(node);
  return levels.filter((level) => level.length > 0);
}
