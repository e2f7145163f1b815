import type { Reporter } from "../check/reporter.ts";
import type { InstanceFields } from "../schema/instanceSchema.ts";
import { quoted } from "../shown.ts";
import { defaultName } from "./commandKey.ts";

export interface NamedInstance {
  readonly name: string;
  readonly index: number;
  readonly fields: InstanceFields;
}

export interface NamedInstances {
  readonly instances: readonly NamedInstance[];
  /** `a` -> `a 2`: names of an older file that stood twice. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Gives every written instance its name. A written name that stands twice is a problem; in a file of the older shape,
 * where the second silently replaced the first, it gets a number instead, so that no work is lost. So do names made here.
 */
export function nameInstances(
  instances: readonly InstanceFields[],
  reporter: Reporter,
  isOldShape: boolean,
): NamedInstances {
  const written = new Set(instances.map((fields) => fields.name).filter((name) => typeof name === "string"));
  const free = new NameSupply(written);
  const firstIndex = new Map<string, number>();
  const renamed: { readonly from: string; readonly to: string }[] = [];
  const named = instances.map((fields, index): NamedInstance => {
    const { name } = fields;
    if (typeof name !== "string") return { name: free.take(defaultName(textOf(fields)), "numbered"), index, fields };
    const first = firstIndex.get(name);
    if (first === undefined) {
      firstIndex.set(name, index);
      return { name, index, fields };
    }
    if (isOldShape) {
      const to = free.take(name, "renamed");
      renamed.push({ from: name, to });
      return { name: to, index, fields };
    }
    const hint = `\`instances[${first}]\` has it already: names tell instances apart in \`needs\` and on the screen`;
    reporter.at(["instances", index, "name"], `the name ${quoted(name)} is given twice`, { hint });
    return { name, index, fields };
  });
  return { instances: named, renamed };
}

class NameSupply {
  private readonly taken: Set<string>;
  private readonly next = new Map<string, number>();

  constructor(taken: ReadonlySet<string>) {
    this.taken = new Set(taken);
  }

  /** The name itself where it is free, else the first free of `name 2`, `name 3`, … */
  take(name: string, kind: "numbered" | "renamed"): string {
    let number = this.next.get(name) ?? (kind === "renamed" ? 2 : 1);
    let candidate = number === 1 ? name : `${name} ${number}`;
    while (this.taken.has(candidate)) {
      number += 1;
      candidate = `${name} ${number}`;
    }
    this.taken.add(candidate);
    this.next.set(name, number + 1);
    return candidate;
  }
}

/** What an instance without a name is called after. */
function textOf({ command, prompt, run, sequence }: InstanceFields): string {
  if (typeof command === "string") return command;
  if (typeof prompt === "string") return prompt;
  if (typeof run === "string") return run;
  if (Array.isArray(run)) return run.join(" ");
  const [first] = sequence ?? [];
  if (typeof first === "string") return first;
  return first === undefined ? "" : (first.command ?? first.prompt ?? "sequence");
}
