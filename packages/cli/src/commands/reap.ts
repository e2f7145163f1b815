import { defineCommand } from "./command.ts";

/** What the watcher of a supervisor becomes when that is gone; nobody types it. */
export const reap = defineCommand({
  name: "reap",
  summary: "End what a run has left whose supervisor is gone, unless somebody goes on with it",
  arguments: [{ name: "folder", about: "The run's own folder", required: true, complete: "folder" }],
  flags: {
    since: { type: "number", value: "MS", about: "When the run began, in ms since 1970 (default: its folder's age)" },
    grace: { type: "number", value: "SECONDS", about: "How long somebody may take to go on with it (default 10)" },
  },
  examples: ["reap .orchestrator/runs/run_t4fq1c0a1b"],

  async run([folder = ""], flags) {
    const { reapRun } = await import("../supervise/reapRun.ts");
    return reapRun(folder, flags);
  },
});
