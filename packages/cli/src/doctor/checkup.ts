import type { ContainmentFacts, DoctorFacts, SignInState } from "@claude-orchestrator/host";
import type { AgentOnMachine } from "../run/programs.ts";

/** One thing looked at. `bad` keeps runs from working; `warn` is worth knowing. */
export interface Finding {
  readonly state: "good" | "warn" | "bad";
  readonly what: string;
  readonly detail: string;
  /** What to do about it, one sentence. */
  readonly fix?: string;
}

export interface AgentFacts {
  readonly agent: AgentOnMachine;
  readonly signIn: SignInState | undefined;
}

export interface CheckupFacts {
  readonly machine: DoctorFacts;
  readonly containment: ContainmentFacts;
  readonly agents: readonly AgentFacts[];
  /** Version of git, where it is installed. */
  readonly git: string | undefined;
}

const lowDisk = 1024 ** 3;
const lowFiles = 1024;

/** What the facts of a machine mean for running agents. Pure; nothing of a secret is in the facts. */
export function checkup(facts: CheckupFacts): readonly Finding[] {
  return [...facts.agents.flatMap(agentFindings), anyAgent(facts), ...machineFindings(facts)];
}

/** True where nothing could be run at all. */
export function preventsRunning(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === "bad");
}

function agentFindings({ agent, signIn }: AgentFacts): readonly Finding[] {
  const { adapter, location, version, knownBad, versionProblem } = agent;
  if (adapter.program === undefined) return [];
  const what = adapter.name;
  if (location === undefined || !location.found) {
    return [
      {
        state: "warn",
        what,
        detail: "not found",
        fix: `install it with \`${adapter.program.install}\`, if you want to use it`,
      },
    ];
  }
  const place = `${version ?? "version unknown"} at ${location.words.join(" ")}`;
  const program: Finding =
    knownBad !== undefined
      ? { state: "warn", what, detail: `${place}: ${knownBad}`, fix: `update it with \`${adapter.program.install}\`` }
      : versionProblem !== undefined
        ? {
            state: "warn",
            what,
            detail: `${place} (${versionProblem})`,
            fix: `run \`${location.words.join(" ")} --version\` and see`,
          }
        : { state: "good", what, detail: place };
  return [program, signInFinding(what, signIn, adapter.program.signIn.how)];
}

function signInFinding(what: string, signIn: SignInState | undefined, how: string): Finding {
  const found = [...(signIn?.variables ?? []), ...(signIn?.files ?? [])];
  if (found.length > 0)
    return { state: "good", what: `${what} sign-in`, detail: `there is ${found.join(", ")} (not read)` };
  return { state: "warn", what: `${what} sign-in`, detail: "none found", fix: how };
}

/** Without any agent, only programs of one's own can be run. */
function anyAgent({ agents }: CheckupFacts): Finding {
  const installed = agents.filter(({ agent }) => agent.location?.found === true).map(({ agent }) => agent.adapter.name);
  if (installed.length > 0) return { state: "good", what: "agents", detail: `${installed.join(", ")} can be used` };
  return {
    state: "bad",
    what: "agents",
    detail: "no agent program is installed, so only `agent: command` can be used",
    fix: "install one of those above, or name its path with `--agent-path`",
  };
}

function machineFindings({ machine, containment, git }: CheckupFacts): readonly Finding[] {
  return [
    nodeFinding(machine),
    containmentFinding(containment),
    sandboxFinding(machine),
    git === undefined
      ? {
          state: "warn",
          what: "git",
          detail: "not found",
          fix: "install git: agents and `success_when: workspace_changed` work better with it",
        }
      : { state: "good", what: "git", detail: git },
    diskFinding(machine),
    machine.runsDirectory.writable
      ? { state: "good", what: "runs", detail: `kept in ${machine.runsDirectory.path}` }
      : {
          state: "bad",
          what: "runs",
          detail: `${machine.runsDirectory.path} cannot be written to`,
          fix: "name another folder with `--runs-dir`",
        },
    filesFinding(machine),
    {
      state: "good",
      what: "machine",
      detail: `${machine.platform} ${machine.arch}, ${machine.cores} cores, ${gigabytes(machine.memory.freeBytes)} of ${gigabytes(machine.memory.totalBytes)} memory free`,
    },
    ...(machine.isRoot
      ? [
          {
            state: "warn",
            what: "user",
            detail: "you are root: agents could change anything here",
            fix: "work as an ordinary user, or in a container",
          } as const,
        ]
      : []),
  ];
}

function nodeFinding({ node }: DoctorFacts): Finding {
  const [major = 0, minor = 0] = node.replace(/^v/, "").split(".").map(Number);
  const isKnown = major > 22 || (major === 22 && minor >= 22);
  if (isKnown) return { state: "good", what: "node", detail: node };
  return { state: "bad", what: "node", detail: `${node} is too old`, fix: "use Node 24 (22.22 at least)" };
}

function containmentFinding({ promise, advice }: ContainmentFacts): Finding {
  const what = "containment";
  if (advice === undefined) return { state: "good", what, detail: promise };
  return { state: "warn", what, detail: promise, fix: advice };
}

function sandboxFinding({ bubblewrap, platform }: DoctorFacts): Finding {
  if (bubblewrap !== undefined) return { state: "good", what: "sandbox", detail: `bubblewrap at ${bubblewrap}` };
  const fix =
    platform === "linux"
      ? "install bubblewrap (`apt install bubblewrap`), so that agents with a sandbox of their own can use it"
      : undefined;
  return {
    state: platform === "linux" ? "warn" : "good",
    what: "sandbox",
    detail: "bubblewrap is not installed",
    ...(fix === undefined ? {} : { fix }),
  };
}

function diskFinding({ disk }: DoctorFacts): Finding {
  if (disk === undefined) return { state: "warn", what: "disk", detail: "free space is not known" };
  const detail = `${gigabytes(disk.freeBytes)} of ${gigabytes(disk.totalBytes)} free`;
  if (disk.freeBytes >= lowDisk) return { state: "good", what: "disk", detail };
  return { state: "warn", what: "disk", detail, fix: "make room: raw output of every attempt is kept" };
}

function filesFinding({ openFiles }: DoctorFacts): Finding {
  if (openFiles === undefined) return { state: "good", what: "open files", detail: "no limit known" };
  const detail = `${openFiles} allowed, enough for about ${Math.floor(openFiles / 6)} agents at once`;
  if (openFiles >= lowFiles) return { state: "good", what: "open files", detail };
  return {
    state: "warn",
    what: "open files",
    detail,
    fix: "raise it with `ulimit -n 4096`, or keep `concurrency` low",
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
