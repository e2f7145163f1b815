import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileCache } from "@claude-orchestrator/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plan, run, UserError } from "./library.ts";
import type { LoggedEvent, RunHandle } from "./library.ts";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "orchestrator library "));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true, maxRetries: 5 }));

const env = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep",
  ...compileCache,
};
const options = () => ({ cwd, env });
const hello = { instances: [{ name: "hello", run: ["sh", "-c", "echo hello"] }] };
const slow = { instances: [{ name: "slow", run: ["sh", "-c", "echo begun; exec sleep 600"] }] };

async function eventsOf(handle: RunHandle): Promise<readonly LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const event of handle) events.push(event);
  return events;
}

describe("plan", () => {
  test("tells what would run, and starts and keeps nothing", async () => {
    const planned = await plan(hello, options());
    expect(planned).toMatchObject({
      ok: true,
      problems: [],
      plan: { workspace: cwd, instances: [{ name: "hello", agent: "command" }] },
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("gives every problem of a file with its place, and throws none of them", async () => {
    writeFileSync(join(cwd, "bad.yaml"), "instances:\n  - nam: a\n    run: [echo]\n  - { name: b, rum: [echo] }\n");
    const { ok, plan: none, problems } = await plan("bad.yaml", options());
    expect([ok, none]).toEqual([false, undefined]);
    expect(problems.map(({ code, line }) => [code, line])).toEqual(
      expect.arrayContaining([
        ["config-invalid", 2],
        ["config-invalid", 4],
      ]),
    );
  });

  test("quotes the file as it is, also where it names a flag of another program", async () => {
    const { problems } = await plan({ instances: [{ name: "a", run: ["true"], "--model=x": 1 }] }, options());
    expect(problems.map(({ message }) => message).join()).toContain("`--model=x`");
  });

  test("names what this machine lacks beside the plan", async () => {
    const planned = await plan(hello, { ...options(), workspace: "missing" });
    expect(planned).toMatchObject({ ok: false, plan: { workspace: join(cwd, "missing") } });
    expect(planned.problems).toEqual([
      {
        code: "workspace-not-usable",
        message: `the workspace \`${join(cwd, "missing")}\` does not exist`,
        hint: "name another with `workspace`, or in the file",
      },
    ]);
  });

  test.each<[unknown, object, string]>([
    ["missing.yaml", {}, "There is no file `missing.yaml`"],
    [hello, { concurrency: 0 }, "`concurrency` needs a whole number of 1 or more, not 0"],
    [hello, { budgetUsd: -1 }, "`budgetUsd` needs a number of 0 or more, not `-1`"],
    [hello, { only: "hello" }, "`only` needs a list, not string"],
    [hello, { budgetUsd: {} }, "`budgetUsd` needs a text or a number, not object"],
    [hello, { agentPaths: { nobody: "/x" } }, "`agentPaths` names `nobody`, which is no agent with a program"],
    [hello, { budgetUSD: 2 }, "There is no option `budgetUSD`"],
    [7, {}, "A run is made of a file's path, or of an object that holds what stands in such a file"],
  ])("throws a UserError where nothing can be planned: %j with %j", async (source, wish, message) => {
    const planned = plan(source as string, { ...options(), ...wish });
    await expect(planned).rejects.toBeInstanceOf(UserError);
    await expect(planned).rejects.toThrow(message);
  });
});

describe("run", () => {
  test("tells every event from the first to the last, to each reader, and how it ended", async () => {
    const handle = await run(hello, options());
    const [first, second] = await Promise.all([eventsOf(handle), eventsOf(handle)]);
    expect(first).toEqual(second);
    expect(first.map(({ seq }) => seq)).toEqual(first.map((_event, at) => at + 1));
    expect([first[0]?.type, first.at(-1)?.type]).toEqual(["run-created", "run-settled"]);
    expect(await handle.result).toMatchObject({
      id: handle.id,
      outcome: "succeeded",
      exitCode: 0,
      instances: [{ name: "hello", verdict: "succeeded", result: "hello" }],
      document: { run: handle.id, status: "succeeded" },
    });
    expect(await eventsOf(handle)).toEqual(first);
  });

  test("leaves the signals and the exit code of the program that asks alone", async () => {
    const listeners = () =>
      ["SIGINT", "SIGTERM", "SIGHUP", "exit", "uncaughtException"].map((name) => process.listenerCount(name));
    const before = listeners();
    const starting = run({ instances: [{ name: "bad", run: ["sh", "-c", "exit 3"] }] }, options());
    expect(listeners()).toEqual(before);
    const handle = await starting;
    expect((await handle.result).exitCode).toBe(1);
    expect([listeners(), process.exitCode]).toEqual([before, undefined]);
  });

  test("is stopped by its handle, at most once, and by the end of its block", async () => {
    const handle = await run(slow, options());
    expect((await handle.stop()).outcome).toBe("stopped");
    expect((await handle.stop({ force: true })).outcome).toBe("stopped");
    let result: RunHandle["result"];
    {
      await using inner = await run(slow, options());
      ({ result } = inner);
    }
    expect((await result).outcome).toBe("stopped");
  });

  test("is stopped by a signal, and not begun by one that has been given", async () => {
    const controller = new AbortController();
    const handle = await run(slow, { ...options(), signal: controller.signal });
    controller.abort();
    expect((await handle.result).outcome).toBe("stopped");
    await expect(run(slow, { ...options(), signal: controller.signal })).rejects.toThrow("aborted");
  });

  test("whose own process is killed fails for whoever follows it", async () => {
    const handle = await run(slow, options());
    const supervisor = JSON.parse(await readWhenThere(join(handle.directory, "supervisor.json"))) as {
      readonly identity: { readonly pid: number };
    };
    process.kill(supervisor.identity.pid, "SIGKILL");
    await expect(eventsOf(handle)).rejects.toMatchObject({ name: "UserError", code: "run-not-running" });
    await expect(handle.stop()).rejects.toMatchObject({ code: "run-not-running" });
  });

  test("refuses an option there is not, which may have been meant for a budget", async () => {
    const wish = { ...options(), budgetUSD: 2 } as object;
    await expect(run(hello, wish)).rejects.toMatchObject({ code: "usage", hint: "did you mean `budgetUsd`?" });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("names an option as the program wrote it, in what to do next too", async () => {
    await expect(run(hello, { ...options(), budgetUsd: Number.NaN })).rejects.toMatchObject({
      code: "usage",
      message: "`budgetUsd` needs a number of 0 or more, not `NaN`",
      hint: "such as `budgetUsd: 3`",
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("refuses an object with problems before anything is written", async () => {
    await expect(run({ instances: [{ name: "a" }] }, options())).rejects.toMatchObject({ code: "config-invalid" });
    expect(readdirSync(cwd)).toEqual([]);
  });
});

async function readWhenThere(file: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return text;
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}
