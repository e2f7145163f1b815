import { shellWord } from "@claude-orchestrator/domain";
import type { Asking, Routes } from "@claude-orchestrator/protocol";
import { isJson } from "./jsonPlace.ts";

export const sources = ["text", "file", "prompts"] as const;

export type Source = (typeof sources)[number];

/** What is being written. Everything is as typed: it is read when it is asked with. */
export interface Draft {
  readonly source: Source;
  /** The file itself. */
  readonly text: string;
  /** A path on the server's machine. */
  readonly file: string;
  /** Several prompts are parted by a line of three dashes. */
  readonly prompts: string;
  readonly agent: string;
  readonly name: string;
  readonly workspace: string;
  readonly budgetUsd: string;
  readonly budgetTokens: string;
  readonly concurrency: string;
  /** NAME=VALUE, one in each line. */
  readonly variables: string;
}

export type Wish = Asking<Routes["startRun"]>["body"];

export const emptyDraft: Draft = {
  source: "text",
  text: "",
  file: "",
  prompts: "",
  agent: "",
  name: "",
  workspace: "",
  budgetUsd: "",
  budgetTokens: "",
  concurrency: "",
  variables: "",
};

/** Whether there is something that could be asked for. */
export function hasContent({ source, text, file, prompts }: Draft): boolean {
  return { text, file, prompts }[source].trim() !== "";
}

/** What is wrong with the fields beside the file, by field. */
export function draftProblems(draft: Draft): Readonly<Partial<Record<keyof Draft, string>>> {
  const { budgetUsd, budgetTokens, concurrency, variables } = draft;
  return {
    ...(isBlankOr(budgetUsd, isAmount) ? {} : { budgetUsd: "An amount in dollars, such as 2.50" }),
    ...(isBlankOr(budgetTokens, isWhole) ? {} : { budgetTokens: "A whole number of tokens, such as 500000" }),
    ...(isBlankOr(concurrency, isWhole) ? {} : { concurrency: "A whole number from 1" }),
    ...(readVariables(variables) === undefined ? { variables: "One NAME=VALUE in each line" } : {}),
  };
}

/** What the server is asked; of a draft without problems. */
export function wishOf(draft: Draft): Wish {
  const { source, text, file, agent, name, workspace, budgetUsd, budgetTokens, concurrency } = draft;
  const variables = readVariables(draft.variables) ?? {};
  const what = {
    text: { text },
    file: { file: file.trim() },
    prompts: { prompts: [...splitPrompts(draft.prompts)], ...(agent === "" ? {} : { agent }) },
  }[source];
  return {
    ...what,
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(workspace.trim() === "" ? {} : { workspace: workspace.trim() }),
    ...(isAmount(budgetUsd) ? { budget_usd: Number(budgetUsd) } : {}),
    ...(isWhole(budgetTokens) ? { budget_tokens: Number(budgetTokens) } : {}),
    ...(isWhole(concurrency) ? { concurrency: Number(concurrency) } : {}),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  };
}

/** What a file that is written here is taken to be saved as. */
export function fileNameOf({ text }: Pick<Draft, "text">): string {
  return isJson(text) ? "fleet.json" : "fleet.yaml";
}

/** As a word of a command line: what begins with a dash would be taken for a flag there. */
export function fileWord(file: string): string {
  return file.startsWith("-") ? `./${file}` : file;
}

/** The same in a terminal, where a file that is written here has to be one. */
export function commandOf(draft: Draft): string {
  const { prompts, file, name, workspace, agent, variables, budget_usd, budget_tokens, concurrency } = wishOf(draft);
  const what =
    prompts === undefined ? [fileWord(file ?? fileNameOf(draft))] : prompts.flatMap((prompt) => ["--prompt", prompt]);
  const flags = [
    ["--name", name],
    ["--workspace", workspace],
    ["--agent", agent],
    ["--budget-usd", budget_usd],
    ["--budget-tokens", budget_tokens],
    ["--concurrency", concurrency],
    ...Object.entries(variables ?? {}).map(([key, value]) => ["--var", `${key}=${value}`] as const),
  ] as const;
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
  return ["claude-orchestrator", "run", ...what, ...given].map(shellWord).join(" ");
}

export function splitPrompts(text: string): readonly string[] {
  return text
    .split(/^-{3,}\s*$/m)
    .map((prompt) => prompt.trim())
    .filter((prompt) => prompt !== "");
}

function readVariables(text: string): Readonly<Record<string, string>> | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line) => /^\s*([^=\s]+)\s*=(.*)$/.exec(line));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
}

function isBlankOr(text: string, isRight: (text: string) => boolean): boolean {
  return text.trim() === "" || isRight(text);
}

function isAmount(text: string): boolean {
  return /^\s*\d{1,9}(\.\d{1,6})?\s*$/.test(text) && Number(text) > 0;
}

function isWhole(text: string): boolean {
  return /^\s*[1-9]\d{0,14}\s*$/.test(text);
}
