import { isJsonObject, isSameLimit, UserError } from "@claude-orchestrator/domain";
import type { BudgetLimit, JsonValue, Plan, RunState } from "@claude-orchestrator/domain";
import { withoutSecrets } from "@claude-orchestrator/engine";

/** A part of two plans that is not the same in both: the run as a whole, or one instance. */
export interface ChangedPart {
  /** As the end of a sentence: "the run as a whole", "instance `review`". */
  readonly what: string;
  /** Undefined: it is new. */
  readonly before: JsonValue | undefined;
  /** Undefined: it is gone. */
  readonly after: JsonValue | undefined;
}

/**
 * What differs between a plan as a log holds it, without secrets, and as it is read now. What was found out about the machine
 * (`notices`) and the order of fields count for nothing; a secret with another value is no change, for it is in neither.
 */
export function changedParts(logged: Plan, now: Plan): readonly ChangedPart[] {
  const [before, after] = [partsOf(logged), partsOf(withoutSecrets(now))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((what) => ({ what, before: before.get(what), after: after.get(what) }))
    .filter((part) => JSON.stringify(part.before) !== JSON.stringify(part.after));
}

/**
 * The plan with what `budget set` has changed, where the file is still as it was. Where it is not, what the file says counts:
 * whoever accepts it accepts its budgets.
 */
export function withBudgetsSet(state: RunState | undefined, now: Plan): Plan {
  if (state === undefined || state.budgetsSet.length === 0) return now;
  const before = { ...state.plan, limits: state.plan.limits.flatMap((limit) => asWritten(state, limit)) };
  if (changedParts(before, now).length > 0) return now;
  return { ...now, limits: state.plan.limits };
}

/** Without what was set: none for a limit that the file does not have. */
function asWritten({ budgetsSet }: RunState, limit: BudgetLimit): readonly BudgetLimit[] {
  const set = budgetsSet.find((each) => isSameLimit(each, limit));
  if (set === undefined) return [limit];
  return set.written === undefined ? [] : [{ ...limit, limit: set.written }];
}

/**
 * An instance that has begun is known by its name: what it has done would belong to nobody.
 *
 * @throws UserError plan-changed
 */
export function refuseVanished(state: RunState, now: Plan): void {
  const names = new Set(now.instances.map(({ name }) => name));
  const vanished = [...state.instances.values()].filter(
    ({ name, attempts }) => attempts.length > 0 && !names.has(name),
  );
  const [first] = vanished;
  if (first === undefined) return;
  const which = vanished.map(({ name }) => `\`${name}\``).join(", ");
  const has = vanished.length === 1 ? "has" : "have";
  throw new UserError("plan-changed", `${which} ${has} run already, and the file does not name ${which} any more`, {
    hint: "put it back under its name; an instance that has not begun may go",
  });
}

const whole = "the run as a whole";

/** In the order of the plan; the order of instances itself is part of the whole. */
function partsOf(plan: Plan): ReadonlyMap<string, JsonValue> {
  const { instances, notices: _notices, ...rest } = plan;
  const order = instances.map(({ name }) => name);
  const parts = instances.map((instance) => [`instance \`${instance.name}\``, asJson(instance)] as const);
  return new Map([[whole, asJson({ ...rest, instances: order })], ...parts]);
}

/** As it comes back out of a log, with the fields of every object in one order. */
function asJson(value: object): JsonValue {
  return inOrder(JSON.parse(JSON.stringify(value)) as JsonValue);
}

function inOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => inOrder(each));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, inOrder(each)]));
}
