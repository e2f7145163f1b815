import { shellWord } from "@claude-orchestrator/domain";
import type { Asking, Routes } from "@claude-orchestrator/protocol";
import { emptyDraft, fileNameOf, fileWord, wishOf } from "../newRun/draft.ts";
import type { Draft } from "../newRun/draft.ts";
import { readDraft } from "../newRun/keptDraft.ts";
import type { ScheduleDocument } from "./scheduleDocument.ts";

/** A schedule that is being written. Everything is as typed. */
export interface ScheduleDraft {
  /** What is run, and what is asked beside its file. */
  readonly run: Draft;
  readonly cron: string;
  readonly zone: string;
  readonly name: string;
  readonly missed: "skip" | "once" | "all";
  readonly overlap: "skip" | "queue" | "replace";
  /** Flags of `run` that this form has no field for: they stay as they are. */
  readonly others: readonly string[];
}

export type ScheduleWish = Asking<Routes["addSchedule"]>["body"];

export function freshDraft(zone: string, run: Draft = { ...emptyDraft, source: "file" }): ScheduleDraft {
  return { run, cron: "0 2 * * *", zone, name: "", missed: "once", overlap: "skip", others: [] };
}

/** What is often wanted, as words for a pattern. */
export const rhythms: readonly (readonly [cron: string, words: string])[] = [
  ["0 * * * *", "Every hour"],
  ["0 2 * * *", "Every night at 2:00"],
  ["0 2 * * 1-5", "Monday to Friday at 2:00"],
  ["0 9 * * 1", "Every Monday at 9:00"],
  ["0 6 1 * *", "The first of each month at 6:00"],
];

const fieldOf: Readonly<Record<string, "budgetUsd" | "budgetTokens" | "concurrency" | "name" | "workspace">> = {
  "budget-usd": "budgetUsd",
  "budget-tokens": "budgetTokens",
  concurrency: "concurrency",
  name: "name",
  workspace: "workspace",
};

/** A schedule as it is, to be changed. Its name is what it is found by, and stays. */
export function draftOf(schedule: ScheduleDocument): ScheduleDraft {
  const { name, cron, zone, file, flags, missed, overlap } = schedule;
  const fields: Record<string, string> = {};
  const variables: string[] = [];
  const others: string[] = [];
  for (let at = 0; at < flags.length; at += 1) {
    const word = flags[at] ?? "";
    const [, flag = "", inline] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const field = fieldOf[flag];
    if (field === undefined && flag !== "var") {
      others.push(word);
      continue;
    }
    if (inline === undefined) at += 1;
    const value = inline ?? flags[at] ?? "";
    if (field === undefined) variables.push(value);
    else fields[field] = value;
  }
  return {
    ...freshDraft(zone, { ...emptyDraft, ...fields, source: "file", file, variables: variables.join("\n") }),
    cron,
    name,
    missed: missed as ScheduleDraft["missed"],
    overlap: overlap as ScheduleDraft["overlap"],
    others,
  };
}

/** What the server is asked. */
export function scheduleWishOf(draft: ScheduleDraft, replace: boolean): ScheduleWish {
  const { file, text } = wishOf(draft.run);
  const name = draft.name.trim();
  return {
    ...(file === undefined ? { text: text ?? "" } : { file }),
    cron: draft.cron.trim(),
    tz: draft.zone.trim(),
    ...(name === "" ? {} : { name }),
    missed: draft.missed,
    overlap: draft.overlap,
    run_flags: runFlagsOf(draft),
    replace,
  };
}

/** The same in a terminal, where a file that is written here has to be one. */
export function scheduleCommandOf(draft: ScheduleDraft, replace: boolean): string {
  const {
    file = "fleet.yaml",
    cron,
    tz,
    name,
    missed,
    overlap,
    run_flags: flags = [],
  } = scheduleWishOf(draft, replace);
  const words = [
    "claude-orchestrator",
    "schedule",
    "add",
    fileWord(file ?? fileNameOf(draft.run)),
    "--cron",
    cron,
    "--tz",
    tz ?? "",
    ...(name === undefined ? [] : ["--name", name]),
    ...(missed === "once" ? [] : ["--missed", missed ?? ""]),
    ...(overlap === "skip" ? [] : ["--overlap", overlap ?? ""]),
    ...(replace ? ["--replace"] : []),
    ...(flags.length === 0 ? [] : ["--", ...flags]),
  ];
  return words.map(shellWord).join(" ");
}

function runFlagsOf({ run, others }: ScheduleDraft): string[] {
  const { name, workspace, budget_usd, budget_tokens, concurrency, variables = {} } = wishOf(run);
  const given = { "budget-usd": budget_usd, "budget-tokens": budget_tokens, concurrency, name, workspace };
  return [
    ...Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`])),
    ...Object.entries(variables).map(([variable, value]) => `--var=${variable}=${value}`),
    ...others,
  ];
}

/** Whether a browser's clock knows the zone. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone.trim() }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Of what was kept of an earlier look at this page. */
export function isScheduleDraft(value: unknown): value is ScheduleDraft {
  if (typeof value !== "object" || value === null) return false;
  const { run, cron, zone, name, missed, overlap, others } = value as Readonly<Record<string, unknown>>;
  const areTexts = [cron, zone, name, missed, overlap].every((each) => typeof each === "string");
  return areTexts && Array.isArray(others) && readDraft(JSON.stringify(run) ?? null) !== undefined;
}
