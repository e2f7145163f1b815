import { membersIn } from "@claude-orchestrator/domain";
import type { InstancePlan, RunState } from "@claude-orchestrator/domain";
import { standingOf } from "../../../data/totals.ts";

/** What is drawn as one box: an instance, or all members of a matrix or steps of a sequence. */
export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** The group that is folded into it, or that it is a member of; undefined for an instance by itself. */
  readonly group: string | undefined;
  /** The instances in it: one, but of a folded group. */
  readonly members: readonly string[];
  /** How many of them stand where. */
  readonly standings: ReadonlyMap<string, number>;
}

/** `to` begins after `from`; always: whether it succeeded or not. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly when: "success" | "failure" | "always" | "expression";
}

export interface PlanGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** A group that many wait for is one point that its members lead to: not each to each. */
  readonly joints: readonly string[];
  /** Groups that have more than one member, whether folded or not. */
  readonly groups: readonly string[];
}

/** Above so many boxes the groups begin folded. */
export const mostUnfolded = 60;

/** Of a larger plan no more than a group at a time is unfolded: nobody finds anything among so many boxes. */
export const mostBoxes = 1_000;

/** What of a graph does not change as its instances do. */
export interface Drawing extends Pick<PlanGraph, "edges" | "joints"> {
  readonly groups: ReadonlySet<string>;
  readonly idOf: (instance: InstancePlan) => string;
}

/** @param unfolded the groups that are shown member by member, where the plan has too many boxes to show all so */
export function drawingOf(plan: RunState["plan"], unfolded: ReadonlySet<string>): Drawing {
  const { instances } = plan;
  const groups = groupsOf(instances);
  const foldsAll = instances.length > mostUnfolded;
  const isFolded = (group: string): boolean => foldsAll && groups.has(group) && !unfolded.has(group);
  const idOf = ({ name, group }: InstancePlan): string => (isFolded(group) ? `group ${group}` : name);
  return { groups, idOf, ...edgesOf(plan, idOf) };
}

/** The plan as it stands, drawn so. */
export function graphOf(state: RunState, { groups, idOf, edges, joints }: Drawing): PlanGraph {
  const nodes = new Map<string, DraftNode>();
  for (const instance of state.plan.instances) {
    const id = idOf(instance);
    const { name, group } = instance;
    const own = groups.has(group) ? group : undefined;
    const node: DraftNode = nodes.get(id) ?? {
      id,
      title: id === name ? name : group,
      group: own,
      members: [],
      standings: new Map(),
    };
    nodes.set(id, node);
    node.members.push(name);
    const instanceState = state.instances.get(name);
    const standing = instanceState === undefined ? "waiting" : standingOf(instanceState);
    node.standings.set(standing, (node.standings.get(standing) ?? 0) + 1);
  }
  return { nodes: [...nodes.values()], edges, joints, groups: [...groups] };
}

interface DraftNode extends GraphNode {
  readonly members: string[];
  readonly standings: Map<string, number>;
}

function groupsOf(instances: readonly InstancePlan[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { group } of instances) counts.set(group, (counts.get(group) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1).map(([group]) => group));
}

/** A need of fewer is drawn as lines of its own. */
const leastJoined = 3;

function edgesOf(
  plan: RunState["plan"],
  idOf: (instance: InstancePlan) => string,
): { readonly edges: readonly GraphEdge[]; readonly joints: readonly string[] } {
  const edges = new Map<string, GraphEdge>();
  const add = (from: string, to: string, when: GraphEdge["when"]): void => {
    if (from !== to) edges.set(`${from}\n${to}`, { from, to, when });
  };
  const membersOf = membersIn(plan);
  const sources = new Map<string, readonly string[]>();
  const joints = new Set<string>();
  /** Where the lines of a need begin: at what is needed, or at the point where many of it come together. */
  const sourcesOf = (name: string): readonly string[] => {
    const known = sources.get(name);
    if (known !== undefined) return known;
    const ids = [...new Set(membersOf(name).map(idOf))];
    const joint = `all of ${name}`;
    const isJoined = ids.length >= leastJoined;
    if (isJoined) joints.add(joint);
    for (const id of isJoined ? ids : []) add(id, joint, "success");
    sources.set(name, isJoined ? [joint] : ids);
    return isJoined ? [joint] : ids;
  };
  for (const instance of plan.instances) {
    for (const { instance: needed, when } of instance.needs) {
      const how = typeof when === "string" ? when : "expression";
      for (const id of sourcesOf(needed)) add(id, idOf(instance), how);
    }
  }
  return { edges: [...edges.values()], joints: [...joints] };
}

/** The one word for a box: the worst end, else what is going on, else what it waits for. */
export function standingOfNode({ standings }: Pick<GraphNode, "standings">): string {
  const quiet = ["succeeded", "skipped", "stopped", "waiting", "held", "retrying"];
  const all = [...standings.keys()];
  const bad = all.find((each) => !quiet.includes(each) && !["running", "stopping", "ended"].includes(each));
  const working = all.find((each) => ["running", "stopping", "ended"].includes(each));
  const waiting = all.find((each) => ["held", "retrying", "waiting"].includes(each));
  return bad ?? working ?? waiting ?? all.find((each) => each === "succeeded") ?? all[0] ?? "waiting";
}
