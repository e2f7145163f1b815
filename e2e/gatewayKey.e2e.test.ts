import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createRig } from "./rig.ts";
import { detach, until } from "./support/detached.ts";

/**
 * An agent that looks at all it can: its own environment, that and the words of every process, and every file of the run. It prints
 * its environment, and begins once there is no file `hold`.
 */
const spy = `#!/bin/sh
case "$*" in *--version*) echo "2.1.330 (Claude Code)"; exit 0;; esac
while [ -e hold ]; do sleep 0.05; done
{ env; for each in /proc/[0-9]*; do cat $each/environ $each/cmdline; done | tr '\\000' '\\n'; } > looked 2> /dev/null
find "$TMPDIR/.." .orchestrator -type f -exec cat {} + > read 2> /dev/null
env
echo '{"type":"result","subtype":"success","is_error":false,"result":"looked","num_turns":1,"session_id":"s","total_cost_usd":0,"usage":{},"modelUsage":{}}'
`;

test("the key is in no environment, argument, log or file of the run, whatever an agent looks at", async () => {
  // Its own: other tests on this machine may have the usual one in their environments just now.
  const key = `sk-ant-test-${randomUUID()}`;
  await using rig = await createRig({
    config: {
      defaults: { model: "haiku" },
      gateway: { anthropic: { key: { file: "../kept" } } },
      instances: [{ name: "spies", prompt: "Look" }],
    },
    files: { spy },
    // Without a namespace of its own it sees every process of this machine, the supervisor among them.
    env: { ANTHROPIC_API_KEY: "", CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" },
  });
  writeFileSync(rig.path("../kept"), key, { mode: 0o600 });
  const run = await rig.command(["run", "fleet.json", "--json", "--agent-path", `claude=${rig.path("spy")}`]);
  expect(run.verdicts).toEqual({ spies: "succeeded" });
  expect(rig.read("looked")).toMatch(/^ANTHROPIC_API_KEY=gw-/m);
  expect(rig.read("looked")).toContain("--agent-path");
  expect(rig.read("read")).toContain("run-created");
  const seen = [rig.read("looked"), rig.read("read"), run.stdout, run.stderr];
  expect(seen.map((text) => text.includes(key))).toEqual([false, false, false, false]);
  expect(rig.runs().flatMap((folder) => filesWith(folder, key))).toEqual([]);
});

test("a key that a detached run took from a variable is in none of its processes' environments, and in no report, log or export", async () => {
  const key = `sk-ant-test-${randomUUID()}`;
  await using rig = await createRig({
    config: `gateway: on
defaults: { model: haiku }
instances: [{ name: spies, prompt: Look }]
`,
    files: { spy, hold: "" },
    env: {
      ANTHROPIC_API_KEY: key,
      CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep",
      NODE_OPTIONS: "--report-on-signal --report-signal=SIGUSR2 --report-filename=report.json",
    },
  });
  const run = await detach(rig, ["--agent-path", `claude=${rig.path("spy")}`]);
  process.kill(run.pid, "SIGUSR2");
  const report = await until(() => filesWith(rig.folder, '"javascriptHeap"')[0]);
  const processes = `${readFileSync(`/proc/${run.pid}/environ`, "latin1")}${readFileSync(`/proc/${run.pid}/cmdline`, "latin1")}`;
  expect([processes.includes("NODE_OPTIONS="), processes.includes(key)]).toEqual([true, false]);
  expect(readFileSync(report, "utf8")).toContain('"nodejsVersion"');
  // Whoever was started with the key has ended, and nobody is again: a program of a shell that has it shows it.
  const keyless = { env: { ANTHROPIC_API_KEY: "" } };
  rmSync(rig.path("hold"));
  const shown = await rig.command(["attach", run.run, "--json"], keyless);
  const exported = await rig.command(["runs", "export", run.run], keyless);
  expect([shown.exitCode, exported.exitCode]).toEqual([0, 0]);
  expect(rig.read("looked")).toMatch(/^ANTHROPIC_API_KEY=gw-/m);
  expect(rig.read("looked")).toContain("--supervisor");
  const archive = gunzipSync(readFileSync(exported.stdout.trim())).toString("latin1");
  expect(archive).toContain("ANTHROPIC_API_KEY=gw-");
  expect([archive, shown.stdout, shown.stderr].map((text) => text.includes(key))).toEqual([false, false, false]);
  expect(filesWith(rig.folder, key)).toEqual([]);
});

function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}
