import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Platform } from "../platform/platform.ts";
import { createNamespacePool, type NamespacePool } from "./namespacePool.ts";
import { findNamespaceTools } from "./namespaceTools.ts";
import type { KeeperMark, NamespaceProblem, PidNamespace } from "./pidNamespace.ts";

/** `best`: what this machine can. `sweep`: without namespaces, whatever it can. */
export type ContainmentWish = "best" | "sweep";

/** What keeps an attempt's processes together on this machine. */
export interface ContainmentFacts {
  readonly kind: "namespace" | "sweep";
  /** What is promised about processes left behind, for a person. */
  readonly promise: string;
  /** How to get the better promise, where there is one to be had. */
  readonly advice?: string;
}

export interface Containment {
  facts(): ContainmentFacts;
  /**
   * A namespace for an attempt, where this machine makes them; `directory` gets a file for a moment.
   *
   * @throws the error of the file system
   */
  open(directory: string): PidNamespace | NamespaceProblem | undefined;
  /** Ends whatever was prepared for attempts to come: there will be none. */
  end(): void;
}

const namespacePromise =
  "each attempt runs in a PID namespace of its own (bubblewrap): when it ends, or this program does in whatever way, the " +
  "kernel ends every process of it";

/** One that hangs (a broken mount) is no help. */
const probeMs = 5_000;

/** Looks once, by really making a namespace and starting a program in it, when first asked. */
export function createContainment(
  platform: Platform,
  wish: ContainmentWish,
  mark: KeeperMark | undefined,
): Containment {
  let probed: NamespacePool | NamespaceProblem | undefined;
  const probe = (): NamespacePool | NamespaceProblem => (probed ??= tryNamespace(platform, wish, mark));
  return {
    facts: () => {
      const answer = probe();
      if (!("problem" in answer)) return { kind: "namespace", promise: namespacePromise };
      const promise = `${platform.containment}; ${answer.problem}`;
      if (process.platform !== "linux") return { kind: "sweep", promise: platform.containment };
      return { kind: "sweep", promise, advice: adviceFor(wish) };
    },
    end: () => {
      if (probed !== undefined && !("problem" in probed)) probed.end();
    },
    open: (directory) => {
      const answer = probe();
      return "problem" in answer ? undefined : answer.take(directory);
    },
  };
}

function adviceFor(wish: ContainmentWish): string {
  return wish === "sweep"
    ? "leave CLAUDE_ORCHESTRATOR_CONTAINMENT unset, so that each attempt gets a PID namespace of its own"
    : "install bubblewrap (`apt install bubblewrap`) and allow it user namespaces, so that the kernel ends every process of an attempt";
}

function tryNamespace(
  platform: Platform,
  wish: ContainmentWish,
  mark: KeeperMark | undefined,
): NamespacePool | NamespaceProblem {
  if (process.platform !== "linux") return { problem: "PID namespaces are Linux's" };
  if (wish === "sweep") return { problem: "PID namespaces are switched off by CLAUDE_ORCHESTRATOR_CONTAINMENT=sweep" };
  const tools = findNamespaceTools();
  if ("missing" in tools) return { problem: `there is no PID namespace, for \`${tools.missing}\` is not installed` };
  const directory = mkdtempSync(join(tmpdir(), "orchestrator-probe-"));
  try {
    const pool = createNamespacePool(tools, platform, mark);
    const namespace = pool.take(directory);
    const problem = "problem" in namespace ? namespace.problem : whyNotEntered(namespace);
    return problem === undefined ? pool : { problem: `there is no PID namespace here (${problem})` };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Starts a program in it that looks at its own number, as programs do, and ends the namespace. */
function whyNotEntered(namespace: PidNamespace): string | undefined {
  const [nsenter = "", ...words] = namespace.enter("/");
  const script = 'read -r pid rest < /proc/self/stat; [ "$pid" -lt 100 ]';
  const options = { timeout: probeMs, killSignal: "SIGKILL", env: {}, encoding: "utf8" } as const;
  const { status, stderr, error } = spawnSync(nsenter, [...words, "/bin/sh", "-c", script], options);
  namespace.endNow();
  if (status === 0) return undefined;
  return error?.message ?? (stderr.trim() === "" ? "a program started in it is not alone" : stderr.trim());
}
