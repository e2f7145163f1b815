import { defineCommand } from "./command.ts";

/** What the watcher of a supervisor becomes when that is gone; nobody types it. */
export const reap = defineCommand({
  name: "reap",
  summary: "End what a run has left whose supervisor is gone, unless somebody goes on with it",
  arguments: [{ name: "folder", about: "The run's own folder", required: true, complete: "folder" }],
  flags: {
    grace: { type: "number", value: "SECONDS", about: "How long somebody may take to go on with it (default 10)" },
  },
  examples: ["reap .orchestrator/runs/run_t4fq1c0a1b"],

  async run([folder = ""], { grace }) {
    const { reapRun } = await import("../supervise/reapRun.ts");
    return reapRun(folder, grace);
  },
});
