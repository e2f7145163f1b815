import type { InstancePlan } from "../plan.ts";
import type { Observation } from "./observation.ts";

/** Where a forecast comes from: the narrowest kind of work that has run here, and how often. */
export type Basis =
  | { readonly kind: "instance" | "group" | "command" | "model" | "agent"; readonly count: number }
  | { readonly kind: "prior" };

/** What has run here that was of one kind with the instance. */
export interface Kind {
  readonly kind: Exclude<Basis["kind"], "prior">;
  readonly seen: readonly Observation[];
}

/**
 * The kinds of work an instance is one of, from the widest to the narrowest, each part of the one before; those without an
 * observation, and those that say no more than the next one, are left out.
 *
 * @param run name of the run it is part of: an instance of the same name in another file is another one
 */
export function kindsOf(instance: InstancePlan, run: string, observations: readonly Observation[]): readonly Kind[] {
  const agent = observations.filter((each) => each.agent === instance.agent);
  const model = agent.filter((each) => each.model === instance.model);
  const command =
    instance.commandKey === undefined ? [] : model.filter((each) => each.commandKey === instance.commandKey);
  const group = model.filter((each) => each.run === run && each.group === instance.group);
  const own = group.filter((each) => each.name === instance.name);
  const kinds: readonly Kind[] = [
    { kind: "agent", seen: agent },
    { kind: "model", seen: model },
    { kind: "command", seen: command },
    { kind: "group", seen: group },
    { kind: "instance", seen: own },
  ];
  const telling = kinds.filter(({ seen }) => seen.length > 0);
  return telling.filter(({ seen }, at) => seen.length !== telling[at + 1]?.seen.length);
}

/** The narrowest of them. */
export function basisOf(kinds: readonly Kind[]): Basis {
  const narrowest = kinds.at(-1);
  return narrowest === undefined ? { kind: "prior" } : { kind: narrowest.kind, count: narrowest.seen.length };
}
