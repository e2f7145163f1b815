import { statSync } from "node:fs";
import type { Plan } from "@claude-orchestrator/domain";
import type { WorkspaceContext } from "@claude-orchestrator/engine/ports";
import { readWorkspaceContext } from "@claude-orchestrator/host";
import type { Obstacle } from "./problems.ts";

/** One sentence for each folder of the plan that is not there, or is none. */
export function missingFolders(plan: Plan): readonly Obstacle[] {
  const folders = new Map<string, string>([[plan.workspace, `the workspace \`${plan.workspace}\``]]);
  for (const instance of plan.instances) {
    if (!folders.has(instance.cwd)) {
      folders.set(instance.cwd, `the folder \`${instance.cwd}\` of instance \`${instance.name}\` (cwd)`);
    }
  }
  return [...folders].flatMap(([folder, what]): readonly Obstacle[] => {
    const why = whyNot(folder, "folder");
    if (why === undefined) return [];
    const message = `${what} ${why}`;
    return [{ code: "workspace-not-usable", message, hint: "name another with `--workspace`, or in the file" }];
  });
}

/** One sentence for each file of settings or MCP servers, and each further folder, that an instance names and that is not there. */
export function missingPaths(plan: Plan): readonly Obstacle[] {
  const obstacles = new Map<string, Obstacle>();
  const expect = (path: unknown, kind: "file" | "folder", whose: string): void => {
    if (typeof path !== "string" || obstacles.has(`${kind} ${path}`)) return;
    const why = whyNot(path, kind);
    if (why === undefined) return;
    const message = `the ${kind} \`${path}\` of ${whose} ${why}`;
    obstacles.set(`${kind} ${path}`, { code: "workspace-not-usable", message });
  };
  for (const { name, settings, mcpConfig, addDirs } of plan.instances) {
    expect(settings, "file", `instance \`${name}\` (settings)`);
    expect(mcpConfig, "file", `instance \`${name}\` (mcp_config)`);
    for (const folder of addDirs) expect(folder, "folder", `instance \`${name}\` (add_dirs)`);
  }
  return [...obstacles.values()];
}

/** The end of a sentence about what is no such thing; undefined where it is one. */
function whyNot(path: string, kind: "file" | "folder"): string | undefined {
  try {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return "does not exist";
    return entry.isDirectory() === (kind === "folder") ? undefined : `is not a ${kind}`;
  } catch {
    return "cannot be looked at";
  }
}

/** What may be taken as text from each untrusted folder. */
export function workspaceContexts(plan: Plan): ReadonlyMap<string, WorkspaceContext> {
  const untrusted = plan.instances.filter(({ trustWorkspace }) => !trustWorkspace).map(({ cwd }) => cwd);
  return new Map([...new Set(untrusted)].map((folder) => [folder, readWorkspaceContext(folder)]));
}
