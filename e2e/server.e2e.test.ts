import { expect, test } from "vitest";
import { openRuns, until } from "./support/detached.ts";
import type { RunningProgram } from "./support/program.ts";
import { createRig } from "./rig.ts";
import type { Rig } from "./rig.ts";

const fleet = `name: from a browser
instances:
  - { name: first, agent: command, run: "echo hello from first" }
  - { name: slow, agent: command, needs: [first], run: "echo waiting; sleep 300" }
`;

/** Starts the server, and gives how a script with that token asks it. */
async function serve(
  rig: Rig,
  token: string,
): Promise<{
  readonly program: RunningProgram;
  readonly url: string;
  ask(path: string, body?: object): Promise<Record<string, unknown>>;
}> {
  const program = rig.begin(["serve", "--json"]);
  await program.prints('"sign_in"');
  const [url = ""] = (await rig.command(["sign-in"])).stdout.split("sign-in/");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return {
    program,
    url,
    ask: async (path, body) => {
      const asked = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
      return (await (await fetch(`${url}${path}`, asked)).json()) as Record<string, unknown>;
    },
  };
}

test("a run begun over the network is a run like any other: terminals see and steer it, and it outlives the server", async () => {
  await using rig = await createRig();
  const token = (await rig.command(["tokens", "create", "test"])).stdout.trim();
  const server = await serve(rig, token);
  const { run } = await server.ask("api/runs", { text: fleet });
  const page = await until(async () => {
    const read = await server.ask(`api/runs/${String(run)}/log?instance=slow&wait_ms=1000`);
    return "lines" in read && (read["lines"] as unknown[]).length > 0 ? read : undefined;
  });
  expect(page["lines"]).toMatchObject([{ number: 1, text: "waiting" }]);
  expect((await openRuns(rig)).map((each) => [each.run, each.status])).toEqual([[run, "running"]]);
  expect((await rig.command(["pause", "latest"])).exitCode).toBe(0);
  expect(await server.ask(`api/runs/${String(run)}`)).toMatchObject({ run, standing: "running", paused: true });

  server.program.signal("SIGTERM");
  expect((await server.program.ended).exitCode).toBe(0);
  expect((await openRuns(rig)).map((each) => [each.run, each.status])).toEqual([[run, "paused"]]);

  const again = await serve(rig, token);
  const stopped = await rig.command(["stop", "latest", "--server", again.url], {
    env: { CLAUDE_ORCHESTRATOR_TOKEN: token },
  });
  expect([stopped.exitCode, stopped.stderr]).toEqual([0, "it is being stopped\n"]);
  const resumed = await again.ask(`api/runs/${String(run)}/resume`, {});
  expect(resumed["run"]).toBe(run);
  await until(async () => ((await again.ask(`api/runs/${String(run)}`))["standing"] === "running" ? true : undefined));
  expect(await again.ask(`api/runs/${String(run)}/stop`, { instance: "slow", force: true })).toHaveProperty("message");
  await until(async () => ((await again.ask(`api/runs/${String(run)}`))["standing"] === "settled" ? true : undefined));
  const { result } = await again.ask(`api/runs/${String(run)}`);
  const wishes = (result as { wishes: { what: string; instance: string | null; by: object }[] }).wishes;
  // The pause was a terminal's: it has nobody's name.
  expect(wishes.map(({ what, instance }) => [what, instance])).toEqual([
    ["run-created", null],
    ["run-stopping", null],
    ["run-reopened", null],
    // It waited: the run goes on as it was, paused.
    ["instance-settled", "slow"],
  ]);
  expect(wishes.map(({ by }) => by)).toEqual(wishes.map(() => ({ kind: "token", name: "test" })));
  expect((await rig.command(["show", "latest"])).stdout).toContain("slow: stopped by token test");
  again.program.signal("SIGINT");
  expect((await again.program.ended).exitCode).toBe(0);
});
