/** The workflows, as GitHub's own reader takes them, and by the rules of this house. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "./lib/command.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: unknown;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = path.join(root, ".github/workflows");
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(path.join(folder, name), "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ title: `${name}, ${id}`, name, id, job, workflow })),
);

describe.for(workflows)("$name", ({ name, text, workflow }) => {
  test("is read by GitHub's own reader without a word", async () => {
    const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
    const { errors = [] } = value === undefined ? {} : await convertWorkflowTemplate(context, value);
    const said = [...context.errors.getErrors().map(({ message }) => message), ...errors.map((each) => each.Message)];
    expect(said).toEqual([]);
  });

  test("gives nothing by itself, and runs once at a time", () => {
    expect([workflow.permissions, workflow.concurrency !== undefined]).toEqual([{}, true]);
  });

  test("is not started by what strangers send with rights that strangers do not have", () => {
    const dangerous = ["pull_request_target", "workflow_run", "issue_comment", "issues"];
    expect(Object.keys(workflow.on).filter((event) => dangerous.includes(event))).toEqual([]);
  });

  test("uses actions by their commit, with the version beside it", () => {
    const lines = text.split("\n").filter((line) => /\buses:/.test(line));
    const pinned = /^\s+(- )?uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(lines.filter((line) => !pinned.test(line))).toEqual([]);
  });
});

test("every workflow has the same commit of an action", () => {
  const uses = workflows.flatMap(({ text }) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)[\w/-]*@(.+)$/gm)]);
  const commits = Map.groupBy(uses, ([, action]) => action);
  const several = [...commits].filter(([, found]) => new Set(found.map(([, , commit]) => commit)).size > 1);
  expect([several, commits.size > 4]).toEqual([[], true]);
});

describe.for(jobs)("$title", ({ job, workflow }) => {
  const uses = (action: string): readonly Step[] =>
    job.steps.filter((step) => step.uses?.startsWith(`${action}@`) === true);
  const runs = job.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  const rights = job.permissions as Readonly<Record<string, string>>;

  test("ends, and has the rights it names and no others", () => {
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(90);
    expect(Object.keys(rights)).not.toEqual([]);
  });

  test("leaves no credential behind in the clone", () => {
    expect(uses("actions/checkout").map((step) => step.with?.["persist-credentials"])).toEqual(
      uses("actions/checkout").map(() => false),
    );
  });

  test("takes nothing from a cache", () => {
    expect(uses("actions/setup-node").filter((step) => step.with?.["package-manager-cache"] !== false)).toEqual([]);
    expect(job.steps.filter((step) => step.with?.["cache"] !== undefined || /cache/.test(step.uses ?? ""))).toEqual([]);
  });

  test("runs what can be run at home, and nothing that is put together from what others wrote", () => {
    expect(runs.filter((run) => run.includes("${{"))).toEqual([]);
    expect(runs.flatMap((run) => run.trim().split("\n")).filter((line) => !isOfTheHouse(line))).toEqual([]);
  });

  test("that may write, publish or say who it is runs no code of the clone", () => {
    const isTrusted = Object.entries(rights).some(([name, right]) => right === "write" && name !== "security-events");
    if (!isTrusted) return;
    expect(uses("actions/checkout")).toEqual([]);
    expect(runs.filter((run) => !/^(gh|npm stage publish|find release) /.test(run))).toEqual([]);
  });

  test("sees a secret only in an environment that a person opens", () => {
    const isAsked = JSON.stringify(job).includes("secrets.");
    expect(!isAsked || job.environment !== undefined).toBe(true);
  });

  test("asks for outputs, steps and values of the matrix that there are", () => {
    expect(dangling(job, workflow)).toEqual([]);
  });
});

test("what is put where the public gets it from stands behind an environment", () => {
  const publishing = jobs.filter(({ job }) =>
    job.steps.some(({ run = "" }) => /^(npm stage|gh release (create|upload))/.test(run)),
  );
  expect(publishing.map(({ title, job }) => [title, job.environment])).toEqual([
    ["release.yml, stage", "npm"],
    ["release.yml, draft", "github-release"],
    ["timestamp.yml, publish", "update-timestamp"],
  ]);
});

/** References to what no job, step or matrix gives. */
function dangling(job: Job, { jobs: all }: Workflow): readonly string[] {
  const needed = [job.needs ?? []].flat();
  const matrix = Object.entries(job.strategy?.matrix ?? {}).flatMap(([name, values]) =>
    name === "include" ? values.flatMap((value) => Object.keys(value as object)) : [name],
  );
  const text = JSON.stringify(job);
  const asked = (pattern: RegExp): readonly (readonly string[])[] =>
    [...text.matchAll(pattern)].map((each) => [...each]);
  return [
    ...needed.filter((id) => all[id] === undefined),
    ...asked(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)
      .filter(([, id = "", output = ""]) => !needed.includes(id) || all[id]?.outputs?.[output] === undefined)
      .map(([whole = ""]) => whole),
    ...asked(/steps\.([\w-]+)\.outputs/g)
      .filter(([, id]) => !job.steps.some((step) => step.id === id))
      .map(([whole = ""]) => whole),
    ...asked(/matrix\.([\w-]+)/g)
      .filter(([, name = ""]) => !matrix.includes(name))
      .map(([whole = ""]) => whole),
  ];
}

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** A script that exists, an installation, or the one command that hands over what was made. */
function isOfTheHouse(line: string): boolean {
  if (/^npm ci( --omit=(dev|optional))*$/.test(line)) return true;
  const [, script] = /^npm (?:run )?([\w:]+)( |$)/.exec(line) ?? [];
  if (script !== undefined && scripts[script] !== undefined) return true;
  const [, file] = /^(?:node|bash) ((?:scripts|\.ci)\/[\w.]+)( |$)/.exec(line) ?? [];
  if (file !== undefined) return existsSync(path.join(root, file));
  return /^(npm stage publish|gh release (create|download|upload)|find release provenance -maxdepth 1 -type f -exec gh release upload) /.test(
    line,
  );
}
