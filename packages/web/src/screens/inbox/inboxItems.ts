import { formatAmount, isSameLimit, scopeLabel, shellWord } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetNote, InstanceState, RunState } from "@claude-orchestrator/domain";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { keptBy, spentLimits } from "../../budget/spentLimits.ts";
import type { SpentLimit } from "../../budget/spentLimits.ts";
import { scopeWords } from "../../data/budgetWords.ts";

/** What one can decide, and what comes of it. */
export interface InboxAction {
  readonly does: "resume" | "end" | "retry" | "retry-changed" | "unpause" | "raise";
  readonly title: string;
  readonly effect: string;
}

export interface Reason {
  /** Absent where it is about the whole run. */
  readonly instance?: string;
  readonly sentence: string;
}

/** Something that waits for a person: who, what, why, and what can be done. */
export interface InboxItem {
  readonly run: string;
  readonly name: string;
  readonly status: string;
  /** Since when it waits, ms since 1970. */
  readonly since: number;
  readonly question: string;
  /** The worst first. */
  readonly reasons: readonly Reason[];
  /** What is offered first; the others beside it. */
  readonly actions: readonly InboxAction[];
  /** What to write in the file, so that it does not come again. */
  readonly remedy?: { readonly about: string; readonly text: string };
  readonly command: string;
  /** The one that `raise` is about. */
  readonly spent?: SpentLimit;
}

type Summary = Pick<RunSummaryDocument, "run" | "name" | "status" | "created_at" | "ended_at" | "problem">;

const resume: InboxAction = {
  does: "resume",
  title: "Resume",
  effect: "A new supervisor takes it up: what still works is watched, what was cut off is tried again",
};

const end: InboxAction = {
  does: "end",
  title: "End it",
  effect: "What is left of it is ended, nothing is tried again; what was done stays",
};

/** The item of a run that waits, whatever is known of it yet. Pure. */
export function inboxItem(run: Summary, state: RunState | undefined): InboxItem {
  const common = {
    run: run.run,
    name: run.name ?? run.run,
    status: run.status,
    since: Date.parse(run.ended_at ?? run.created_at ?? "") || 0,
  };
  if (run.status === "interrupted") {
    return {
      ...common,
      question: "Go on with it, or end it?",
      reasons: [{ sentence: "Nobody supervises it any more: its terminal or machine went away" }],
      actions: [resume, end],
      command: `claude-orchestrator resume ${run.run}`,
    };
  }
  const instances = state === undefined ? [] : failed(state);
  if (run.status === "budget_exceeded") return { ...common, ...budgetPart(run.run, state, instances) };
  return { ...common, ...failurePart(run, instances) };
}

type ItemPart = Omit<InboxItem, "run" | "name" | "status" | "since">;

function budgetPart(run: string, state: RunState | undefined, instances: readonly InstanceState[]): ItemPart {
  const note = state?.budgetNotes.findLast(({ kind }) => kind === "exceeded");
  const larger = note ?? (state === undefined ? undefined : tooSmall(state));
  const others = instances.filter(({ phase }) => phase.status === "settled" && phase.verdict !== "budget_exceeded");
  // One that is not spent had no room for a request: its instance says for which.
  const refused = larger === undefined ? [] : reasonsOf(instances);
  const where = state?.source === undefined ? "its file" : state.source;
  return {
    question: "Raise its budget and go on?",
    reasons:
      note === undefined && refused.length > 0
        ? refused
        : [{ sentence: note === undefined ? "Its budget is spent" : noteSentence(note) }, ...reasonsOf(others)],
    actions: [
      {
        does: "retry-changed",
        title: "Retry with the file as it is now",
        effect: `Reads ${where} again; what did not succeed runs again, within the budget that is written there`,
      },
    ],
    ...(larger === undefined
      ? {}
      : {
          remedy: {
            about: `Write a larger budget in ${where}, then retry; one that was given beside the file, as the run was started, stays as it was`,
            text: raised(larger),
          },
        }),
    command: `claude-orchestrator retry ${run} --accept-changes`,
  };
}

function failurePart({ run, problem }: Summary, instances: readonly InstanceState[]): ItemPart {
  const reasons = reasonsOf(instances);
  const names = instances.map(({ name }) => name);
  const which = names.length === 0 ? "What did not succeed" : listed(names);
  const remedy = allowance(instances);
  return {
    question: remedy === undefined ? "Try it again?" : "Allow what was refused, and try again?",
    reasons: reasons.length > 0 ? reasons : [{ sentence: problem ?? "Something in it did not succeed" }],
    actions: [
      {
        does: remedy === undefined ? "retry" : "retry-changed",
        title: remedy === undefined ? "Retry" : "Retry with the file as it is now",
        effect: `${which} ${names.length === 1 ? "runs" : "run"} again, and what was skipped for ${names.length === 1 ? "its" : "their"} sake; what succeeded stays`,
      },
    ],
    ...(remedy === undefined ? {} : { remedy }),
    command: `claude-orchestrator retry ${run}${remedy === undefined ? "" : " --accept-changes"}`,
  };
}

/** What of a run that goes on keeps it from its work; undefined where nothing does. Pure. */
export function heldUp(run: Summary, state: RunState | undefined): InboxItem | undefined {
  if (state === undefined || run.status !== "running") return undefined;
  const { paused, lastAt } = state;
  const refused = [...state.instances.values()].filter(isRefusedNow);
  const denials = refused.flatMap(denialReasons);
  const remedy = allowance(refused);
  const common = {
    run: run.run,
    name: run.name ?? run.run,
    command: `claude-orchestrator show ${run.run}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
  if (paused?.cause.kind === "storage") {
    return {
      ...common,
      status: "paused",
      since: paused.since,
      question: "Make room, then let it go on",
      reasons: [{ sentence: paused.cause.message }, ...denials],
      actions: [{ does: "unpause", title: "Go on", effect: "Instances start again, as far as there is room" }],
    };
  }
  const [spent] = spentLimits(state);
  if (spent !== undefined) {
    const status = spent.held.length === 0 ? "budget_exceeded" : "held";
    return { ...common, ...spentPart(run.run, spent, denials), status, since: heldSince(state, spent) };
  }
  if (denials.length === 0) return undefined;
  const question = "It goes on without what was refused";
  return { ...common, status: run.status, since: lastAt, question, reasons: denials, actions: [] };
}

function spentPart(
  run: string,
  spent: SpentLimit,
  denials: readonly Reason[],
): Pick<InboxItem, "question" | "reasons" | "actions" | "command" | "spent"> {
  const { limit, held, ended } = spent;
  const flag = limit.unit === "tokens" ? "--tokens" : "--cost-usd";
  const waits = held.length === 0 ? [] : [`${listed(held.map(({ name }) => name))} can go on`];
  const again = ended.length === 0 ? [] : [`${listed(ended.map(({ name }) => name))} is tried again in its session`];
  return {
    spent,
    question: `Raise the budget of ${scopeWords(limit.scope)} and go on?`,
    reasons: [...[...held, ...ended].flatMap(reasonOf), ...denials],
    actions: [
      {
        does: "raise",
        title: "Raise and go on",
        effect: `Asks for the amount first; with more room ${[...waits, ...again].join(", and ")}`,
      },
    ],
    command: `claude-orchestrator budget set ${run} ${shellWord(scopeLabel(limit.scope))} ${flag} N`,
  };
}

function reasonOf(instance: InstanceState): readonly Reason[] {
  const sentence = keptBy(instance);
  return sentence === undefined ? [] : [{ instance: instance.name, sentence }];
}

/** When the limit was first told to be spent; else when something last happened. */
function heldSince({ budgetNotes, lastAt }: RunState, { limit }: SpentLimit): number {
  return budgetNotes.find((note) => note.kind === "exceeded" && isSameLimit(note, limit))?.at ?? lastAt;
}

function isRefusedNow({ phase, attempts }: InstanceState): boolean {
  return phase.status === "running" && (attempts.at(-1)?.denied.length ?? 0) > 0;
}

function failed(state: RunState): readonly InstanceState[] {
  return [...state.instances.values()].filter(
    ({ phase }) => phase.status === "settled" && phase.verdict !== "succeeded" && phase.verdict !== "skipped",
  );
}

function reasonsOf(instances: readonly InstanceState[]): readonly Reason[] {
  return instances.flatMap((instance) => {
    const { name, phase } = instance;
    const why = phase.status === "settled" ? [{ instance: name, sentence: phase.reason }] : [];
    return [...why, ...denialReasons(instance)];
  });
}

function denialReasons({ name, attempts }: InstanceState): readonly Reason[] {
  const denied = new Map(attempts.at(-1)?.denied.map(({ tool, reason }) => [tool, reason]));
  return [...denied].map(([tool, reason]) => ({ instance: name, sentence: `${tool} was refused: ${reason}` }));
}

const editing = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);

/** What lets the refused tools through, for each instance that was refused one. */
function allowance(instances: readonly InstanceState[]): InboxItem["remedy"] {
  const refused = instances
    .map(({ name, attempts }) => ({ name, tools: [...new Set(attempts.at(-1)?.denied.map(({ tool }) => tool))] }))
    .filter(({ tools }) => tools.length > 0);
  if (refused.length === 0) return undefined;
  const lines = refused.flatMap(({ name, tools }) => {
    const others = tools.filter((tool) => !editing.has(tool));
    return [
      `  - name: ${JSON.stringify(name)}`,
      ...(others.length < tools.length ? ["    permission_mode: acceptEdits"] : []),
      ...(others.length > 0 ? [`    allowed_tools: [${others.map((tool) => JSON.stringify(tool)).join(", ")}]`] : []),
    ];
  });
  return {
    about: "Write this beside what the file says of the instance, narrowed to what it needs, such as Bash(npm test:*)",
    text: ["instances:", ...lines].join("\n"),
  };
}

type Amounts = Pick<BudgetNote, "scope" | "unit" | "limit" | "used">;

/** A limit that a request was refused for. */
function tooSmall({ plan, instances }: RunState): Amounts | undefined {
  const attempts = [...instances.values()].flatMap((instance) => instance.attempts.slice(-1));
  const refusals = attempts.flatMap(({ requests }) => requests?.refusedBy ?? []);
  const limit = plan.limits.find((each: BudgetLimit) => refusals.some((refused) => isSameLimit(refused, each)));
  return limit === undefined ? undefined : { ...limit, used: 0 };
}

function noteSentence({ scope, unit, limit, used }: BudgetNote): string {
  return `The budget of ${scopeWords(scope)} is spent: ${formatAmount(unit, used)} of ${formatAmount(unit, limit)}`;
}

function raised({ scope, unit, limit, used }: Amounts): string {
  const twice = 2 * Math.max(limit, used);
  const amount = unit === "tokens" ? Math.ceil(twice) : Math.ceil(twice * 100) / 100;
  const line = `${unit}: ${amount}`;
  if (scope.kind === "instance")
    return `instances:\n  - name: ${JSON.stringify(scope.instance)}\n    budget:\n      ${line}`;
  return `budget:\n  ${line}`;
}

const mostNames = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(", ");
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}
