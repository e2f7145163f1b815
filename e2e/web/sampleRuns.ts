import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import {
  environmentFor,
  initLine,
  resultLine,
  textLine,
  toolResultLine,
  toolUseLine,
} from "@claude-orchestrator/testkit";
import type { WebRig } from "./rig.ts";

/** Runs of every kind there is, made by the program itself: the same each time but for their ids and times. */
export interface SampleRuns {
  /** Three reviews by an agent after a survey; all succeeded. */
  readonly review: string;
  /** A test fails, with one line among many that says why; what needs it is skipped. */
  readonly release: string;
  /** Dearer than its budget. */
  readonly dear: string;
  /** Changed files, each instance in a worktree of its own. */
  readonly patch: string;
  /** Works until there is a file `go`. */
  readonly nightly: string;
}

export const failingLine = 173;

/** Files of the rig that makes them. */
export const sampleFiles: Readonly<Record<string, string>> = {
  "review.json": json({
    name: "weekly review",
    concurrency: 4,
    instances: [
      agent("survey", "Say what this project does and which file carries the most risk.", survey()),
      agent("review", "Review src/${{ matrix.file }} for mistakes that give wrong results.", reviewed(), {
        needs: "survey",
        matrix: { file: ["ledger.ts", "rates.ts", "report.ts"] },
      }),
      command("report", "echo 'Three files were reviewed: one rounds twice.'", { needs: ["review"] }),
    ],
  }),
  "release.json": json({
    name: "release",
    instances: [
      command("build", "seq -f 'compiled file %g of 240' 240"),
      command("tests", testing(), { needs: "build" }),
      command("lint", "echo 'src/rates.ts:12: unused variable' >&2; exit 1", { continue_on_failure: true }),
      command("publish", "echo published", { needs: "tests" }),
    ],
  }),
  "dear.json": json({
    name: "translate the handbook",
    budget: { cost_usd: 0.1 },
    concurrency: 1,
    instances: ["chapter-1", "chapter-2", "chapter-3"].map((name) =>
      agent(name, "Translate this chapter into plain English.", translated()),
    ),
  }),
  "patch.json": json({
    name: "add the missing tests",
    workspace: "repository",
    defaults: { isolation: "worktree" },
    instances: [
      command("rates", "printf 'export function rate(days) {\\n  return days * 17;\\n}\\n' > src/rates.js; echo done"),
      command("ledger", "echo '// Every sum is in cents.' >> src/ledger.js; echo 'a new file' > NOTES.md; echo done"),
    ],
  }),
  "nightly.json": json({
    name: "nightly",
    instances: [
      command("lint", "echo clean"),
      command("sweep", "echo 'sweeping since midnight'; until [ -e go ]; do sleep 0.1; done; echo swept"),
      command("deploy", "echo deployed", { needs: "sweep" }),
    ],
  }),
};

/** Makes all of them; the last one still works when this settles. */
export async function makeSampleRuns(web: WebRig): Promise<SampleRuns> {
  makeRepository(web);
  const review = await web.run("review.json");
  const release = await web.run("release.json");
  const dear = await web.run("dear.json");
  const patch = await web.run("patch.json");
  return { review, release, dear, patch, nightly: await web.detach("nightly.json") };
}

/** Lets what works until then go to its end. */
export function letGo(web: WebRig): void {
  writeFileSync(web.rig.path("go"), "");
}

export const repositoryFiles: Readonly<Record<string, string>> = {
  "repository/src/rates.js": "export function rate(days) {\n  return days * 71;\n}\n",
  "repository/src/ledger.js": "export const sum = (entries) => entries.reduce((all, { cents }) => all + cents, 0);\n",
};

/** Makes the folder `repository` one, with a commit. */
export function makeRepository({ rig }: WebRig): void {
  const home = rig.environment["HOME"] ?? "";
  writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = Ada\n\temail = ada@example.org\n");
  const git = (...words: readonly string[]): void => {
    spawnSync("git", words, { cwd: rig.path("repository"), env: { ...rig.environment } });
  };
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
}

function json(value: JsonValue): string {
  return JSON.stringify(value, undefined, 2);
}

function command(name: string, run: string, more: JsonObject = {}): JsonObject {
  return { name, agent: "command", run, ...more };
}

function agent(name: string, prompt: string, lines: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  const script = lines.map((line) => ({ do: "emit", line }) as const);
  return { name, prompt, env: { ...environmentFor(script) }, ...more };
}

function survey(): readonly JsonObject[] {
  return [
    initLine(),
    toolUseLine("Bash", { command: "wc -l src/*.ts" }, { id: "toolu_1", messageId: "msg_1" }),
    toolResultLine("  84 src/ledger.ts\n  31 src/rates.ts\n  52 src/report.ts\n 167 total", { id: "toolu_1" }),
    textLine("A ledger in three files. src/ledger.ts adds the money up: a mistake there is the dearest.", {
      id: "msg_2",
      tokens: { input: 2400, output: 128 },
    }),
    resultLine("src/ledger.ts carries the most risk.", { costUsd: 0.0142, tokens: { input: 3600, output: 170 } }),
  ];
}

function reviewed(): readonly JsonObject[] {
  return [
    initLine(),
    toolUseLine("Read", { file_path: "src/ledger.ts" }, { id: "toolu_1", messageId: "msg_1" }),
    toolResultLine("export function total(entries) {\n  return Math.round(sum(entries.map(round)));\n}", {
      id: "toolu_1",
    }),
    toolUseLine("Bash", { command: "node -e 'total([0.5, 0.5])'" }, { id: "toolu_2", messageId: "msg_2" }),
    toolResultLine("2", { id: "toolu_2", isError: true }),
    textLine("Line 2 rounds each entry and then their sum: two halves become two. Round once, at the end.", {
      id: "msg_3",
      tokens: { input: 5200, output: 310, cacheRead: 3600 },
    }),
    resultLine("Line 2 rounds twice.", { costUsd: 0.0317, tokens: { input: 7600, output: 394, cacheRead: 3600 } }),
  ];
}

function translated(): readonly JsonObject[] {
  return [
    initLine(),
    textLine("The chapter is translated.", { tokens: { input: 42_000, output: 6100 } }),
    resultLine("The chapter is translated.", { costUsd: 0.0725, tokens: { input: 42_000, output: 6100 } }),
  ];
}

/** 400 lines; one of them says what is wrong. */
function testing(): string {
  const said = "FAIL src/ledger.test.ts: expected 17, and it is 71";
  return `seq -f 'ok test %g of 400' ${failingLine - 1}; echo '${said}'; seq -f 'ok test %g of 400' ${failingLine + 1} 400; exit 1`;
}
