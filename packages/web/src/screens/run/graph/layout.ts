import { Graph as DagreGraph, layout } from "@dagrejs/dagre";
import { boxHeight, boxWidth } from "./boxSize.ts";
import type { PlanGraph } from "./graphOf.ts";

const jointSize = 12;

export interface Place {
  /** Of its centre. */
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly places: Readonly<Record<string, Place>>;
  /** By place in the graph's list: the points each edge goes through. */
  readonly lines: readonly (readonly Place[])[];
  readonly width: number;
  readonly height: number;
}

export type LayoutInput = Pick<PlanGraph, "edges" | "joints"> & { readonly boxes: readonly string[] };

/** Where each box and line goes, left to right. Takes a while for hundreds: a worker calls it. */
export function layoutOf({ boxes, edges, joints }: LayoutInput): GraphLayout {
  const graph = new DagreGraph();
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 56, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of boxes) graph.setNode(id, { width: boxWidth, height: boxHeight });
  for (const id of joints) graph.setNode(id, { width: jointSize, height: jointSize });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const ids = [...boxes, ...joints];
  const isBox = new Set(boxes);
  const sideOf = (id: string, side: 1 | -1): Place => {
    const { x, y } = placeOf(graph.node(id));
    return isBox.has(id) ? { x: x + (side * boxWidth) / 2, y } : { x, y };
  };
  const size = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    places: Object.fromEntries(ids.map((id) => [id, placeOf(graph.node(id))])),
    // From the middle of a side to the middle of a side, whatever corner was nearer.
    lines: edges.map(({ from, to }) => [sideOf(from, 1), ...bendsOf(graph.edge(from, to)), sideOf(to, -1)]),
    width: Math.max(1, size.width ?? 1),
    height: Math.max(1, size.height ?? 1),
  };
}

function placeOf(node: unknown): Place {
  const { x = 0, y = 0 } = node as Partial<Place>;
  return { x, y };
}

function bendsOf(edge: unknown): readonly Place[] {
  return ((edge as { readonly points?: readonly Place[] }).points ?? []).slice(1, -1).map(placeOf);
}
