import { shellWord } from "@claude-orchestrator/domain";

const ofPlaces: Readonly<Record<string, string>> = {
  "/": "ps",
  "/inbox": "ps",
  "/runs": "runs list",
  "/new": "run --help",
  "/schedules": "schedule list",
  "/agents": "agents",
  "/system": "doctor",
};

const ofTabs: Readonly<Record<string, string>> = { log: "logs", changes: "diff" };

/** What shows in a terminal, as nearly as it can, what an address of the page shows. Pure. */
export function commandOf(path: string, search: string): string {
  const params = new URLSearchParams(search);
  const run = /^\/runs\/([^/]+)$/.exec(path)?.[1];
  const words = run === undefined ? (path === "/costs" ? usage(params) : ofPlaces[path]) : ofRun(run, params);
  return `claude-orchestrator ${words ?? "ps"}`;
}

function ofRun(run: string, params: URLSearchParams): string {
  const instance = params.get("instance") ?? "";
  const command = ofTabs[params.get("tab") ?? ""];
  if (instance === "") return `show ${shellWord(run)}`;
  return `${command ?? "show"} ${shellWord(run)} ${shellWord(instance)}`;
}

function usage(params: URLSearchParams): string {
  const since = params.get("since") ?? "30d";
  const until = params.get("until") ?? "";
  const by = params.get("by") ?? "model";
  return [
    "usage",
    since === "all" ? "" : `--since ${shellWord(since)}`,
    until === "" ? "" : `--until ${shellWord(until)}`,
    `--by ${shellWord(by)}`,
    params.get("demo") === "yes" ? "--include-demo" : "",
  ]
    .filter((word) => word !== "")
    .join(" ");
}
