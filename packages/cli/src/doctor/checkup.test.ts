import { describe, expect, test } from "vitest";
import { agentByName } from "@claude-orchestrator/agents";
import type { ContainmentFacts, DoctorFacts } from "@claude-orchestrator/host";
import type { AgentOnMachine } from "../run/programs.ts";
import { checkup, preventsRunning } from "./checkup.ts";
import type { Finding } from "./checkup.ts";

const machine: DoctorFacts = {
  node: "v24.21.0",
  platform: "linux",
  arch: "x64",
  cores: 4,
  memory: { totalBytes: 8 * 1024 ** 3, freeBytes: 4 * 1024 ** 3 },
  disk: { freeBytes: 50 * 1024 ** 3, totalBytes: 100 * 1024 ** 3 },
  runsDirectory: { path: "/work/.orchestrator/runs", writable: true },
  bubblewrap: "/usr/bin/bwrap",
  openFiles: 65_536,
  isRoot: false,
};

function claude(more: Partial<AgentOnMachine>): AgentOnMachine {
  const adapter = agentByName("claude");
  if (adapter === undefined) throw new Error("there is no claude");
  return { adapter, ...more };
}

const installed = claude({
  location: { found: true, words: ["/bin/claude"], how: "path", searched: [] },
  version: "2.1.330",
});
const signIn = { variables: ["ANTHROPIC_API_KEY"], files: [] };

function check(
  changes: Partial<DoctorFacts>,
  agent = installed,
  containment: ContainmentFacts = { kind: "namespace", promise: "all" },
): readonly Finding[] {
  return checkup({
    machine: { ...machine, ...changes },
    containment,
    agents: [{ agent, signIn }],
    git: "2.39.5",
  });
}

describe("the doctor", () => {
  test("finds nothing to fix on a sound machine", () => {
    const findings = check({});
    expect(findings.filter(({ state }) => state !== "good")).toEqual([]);
    expect(preventsRunning(findings)).toBe(false);
  });

  test("prevents running where no agent is installed, the runs folder cannot be written, or Node is too old", () => {
    const missing = claude({ location: { found: false, searched: ["/bin"] } });
    expect(preventsRunning(check({}, missing))).toBe(true);
    expect(preventsRunning(check({ runsDirectory: { path: "/x", writable: false } }))).toBe(true);
    expect(preventsRunning(check({ node: "v20.20.2" }))).toBe(true);
  });

  test("names a version known to be bad, and every problem has its fix", () => {
    const findings = check(
      { isRoot: true, openFiles: 64, bubblewrap: undefined, disk: { freeBytes: 1, totalBytes: 2 } },
      { ...installed, knownBad: "it loses its last line" },
    );
    const open = findings.filter(({ state }) => state !== "good");
    expect(open.map(({ what }) => what)).toEqual(["claude", "sandbox", "disk", "open files", "user"]);
    expect(open.every(({ fix }) => fix !== undefined)).toBe(true);
    expect(open[0]?.detail).toContain("it loses its last line");
  });

  test("says how to get the better promise about processes left behind, where there is one", () => {
    const advice = "install bubblewrap";
    const open = check({}, installed, { kind: "sweep", promise: "most", advice }).filter(
      ({ state }) => state !== "good",
    );
    expect(open).toEqual([{ state: "warn", what: "containment", detail: "most", fix: advice }]);
    expect(check({}, installed, { kind: "sweep", promise: "most" }).every(({ state }) => state === "good")).toBe(true);
  });
});
