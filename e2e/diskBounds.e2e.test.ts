import { truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

test("a run does not start where less is free than must stay free, and says both figures", async () => {
  await using rig = await createRig({
    config: "disk: {min_free: 900TB}\ninstances: [{name: a, agent: command, run: [echo, hi]}]\n",
  });
  const refused = await rig.command(["run", "fleet.yaml"]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(
    /only \d+\.\d [GT]B is free where the run writes \(.*\), and 900\.0 TB must stay free/,
  );
  expect(refused.stderr).toContain("disk: { min_free: … }");
  expect(rig.runs()).toEqual([]);
});

test("a run that grows over its bound starts nothing more, ends who writes on, and goes on once there is room", async () => {
  await using rig = await createRig({
    config: `concurrency: 1
disk: {max_run: 4MB, min_free: 1MB}
instances:
  - { name: writer, agent: command, run: "while :; do head -c 300000 /dev/zero | tr '\\\\0' x; echo; sleep 0.05; done" }
  - { name: later, agent: command, run: [echo, later] }
`,
  });
  const program = rig.start();
  const paused = await program.event(({ type }) => type === "run-paused");
  expect(paused).toMatchObject({
    cause: {
      kind: "storage",
      message: expect.stringMatching(/take .* MB, more than the 4\.0 MB they may \(disk\.max_run\)/),
    },
  });
  await program.event((event) => event.type === "instance-settled" && event.instance === "writer");
  const planned = await program.event((event) => event.type === "attempt-planned" && event.instance === "writer");
  const file = planned.type === "attempt-planned" ? planned.files.stdout : "";
  truncateSync(join(rig.runs()[0] ?? "", file));
  await program.event(({ type }) => type === "run-unpaused");
  const run = await rig.finish(program);
  expect(run.exitCode).toBe(1);
  expect(run.verdicts).toEqual({ writer: "failed", later: "succeeded" });
  expect(run.reasons["writer"]).toMatch(/^stopped, since the run's files and folders take .*\(disk\.max_run\)$/);
});
