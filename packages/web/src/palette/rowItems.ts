import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { shellWord } from "@claude-orchestrator/domain";
import type { InstanceState } from "@claude-orchestrator/domain";
import { actionWords } from "./items.ts";
import type { PaletteItem } from "./items.ts";

type Summary = Pick<RunSummaryDocument, "run" | "name" | "status">;

const offered: Readonly<Record<string, readonly (keyof typeof actionWords)[]>> = {
  running: ["pause"],
  paused: ["unpause"],
  interrupted: ["resume"],
  stopped: ["resume"],
  failed: ["retry"],
  budget_exceeded: ["retry"],
};

/** What can be done with a run as it stands in the list. `base` is where this page is served. Pure. */
export function runRowItems({ run, name, status }: Summary, base: string): readonly PaletteItem[] {
  const title = name ?? run;
  const actions = (offered[status] ?? []).map((action) => ({
    id: action,
    title: `${actionWords[action]} ${title}`,
    detail: "at once",
    does: { kind: "run", action, run } as const,
  }));
  const canStop = status === "running" || status === "paused" || status === "interrupted";
  const stop = canStop
    ? [{ id: "stop", title: `Stop ${title}`, detail: "asks first", path: `/runs/${run}?do=stop` }]
    : [];
  return [
    { id: "open", title: `Open ${title}`, detail: run, path: `/runs/${run}` },
    ...["log", "timeline", "changes"].map((tab) => ({
      id: tab,
      title: `Open its ${tab}`,
      detail: run,
      path: `/runs/${run}?tab=${tab}`,
    })),
    ...actions,
    ...stop,
    copy("id", run, "The run’s id"),
    copy("link", new URL(`runs/${run}`, base).href, "The link"),
    copy("command", `claude-orchestrator show ${run}`, "The command"),
  ];
}

/** What can be done with an instance of a run, as it stands. Pure. */
export function instanceRowItems(
  run: string,
  { name, phase }: Pick<InstanceState, "name" | "phase">,
): readonly PaletteItem[] {
  const of = `instance=${encodeURIComponent(name)}`;
  const stop = {
    id: "stop",
    title: `Stop ${name}`,
    detail: "asks first",
    path: `/runs/${run}?stop=${encodeURIComponent(name)}`,
  };
  return [
    ...["log", "transcript", "changes", "timeline"].map((tab) => ({
      id: tab,
      title: `Open its ${tab}`,
      detail: name,
      path: `/runs/${run}?tab=${tab}&${of}`,
    })),
    ...(phase.status === "settled" ? [] : [stop]),
    copy("name", name, "The name"),
    copy("command", `claude-orchestrator logs ${run} ${shellWord(name)}`, "The command"),
  ];
}

function copy(id: string, text: string, what: string): PaletteItem {
  return {
    id: `copy-${id}`,
    title: `Copy ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
    detail: text,
    does: { kind: "copy", text, what },
  };
}
