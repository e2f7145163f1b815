import type { DiskBounds, InstancePlan, Isolation } from "@claude-orchestrator/domain";
import { parseBytes } from "@claude-orchestrator/domain";
import { fieldPath, type Draft } from "../expand/draft.ts";
import { filled } from "../filled.ts";
import type { FileFields } from "../schema/fileSchema.ts";
import type { WorktreeFields } from "../schema/worktreeSchema.ts";
import type { PlanContext } from "./context.ts";

/** Where it works apart from the others; nothing for one that works in the workspace itself. */
export function toIsolation(draft: Draft, { reporter }: PlanContext): Pick<InstancePlan, "isolation"> {
  const { isolation, worktree } = draft.fields;
  if (isolation === undefined && worktree !== undefined) {
    const path = fieldPath(draft, "worktree", reporter);
    const hint = "write `isolation: worktree` beside it";
    reporter.at(path, "`worktree` says how a worktree is made, and this instance has none", { atKey: true, hint });
  }
  if (isolation === "copy") return { isolation: { kind: "copy" } };
  return isolation === "worktree" ? { isolation: toWorktree(filled(worktree)) } : {};
}

function toWorktree({
  base = "HEAD",
  link = [],
  setup,
  submodules = false,
}: ReturnType<typeof filled<WorktreeFields>>) {
  const isolation: Isolation = {
    kind: "worktree",
    base,
    link: [...new Set(link.map((folder) => folder.replace(/\/+$/, "")))],
    ...(setup === undefined ? {} : { setup: toSetup(setup) }),
    submodules,
  };
  return isolation;
}

function toSetup(setup: string | readonly string[]): NonNullable<Extract<Isolation, { kind: "worktree" }>["setup"]> {
  return typeof setup === "string" ? { kind: "script", script: setup } : { kind: "command", argv: setup };
}

/** The bounds the file sets; nothing where it sets none. */
export function toDiskBounds(disk: FileFields["disk"]): { readonly disk?: DiskBounds } {
  const { min_free: minFree, max_run: maxRun } = filled(disk);
  if (minFree === undefined && maxRun === undefined) return {};
  return {
    disk: filled({
      minFree: minFree === undefined ? undefined : parseBytes(minFree),
      maxRun: maxRun === undefined ? undefined : parseBytes(maxRun),
    }),
  };
}
