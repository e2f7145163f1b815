import { enforcements, permissionModes } from "../run/words.ts";
import type { FlagSpec } from "./command.ts";
import { agentPathFlag, runsFolderFlag } from "./output.ts";

/** What `run` and `plan` have in common: where the plan comes from and what is changed in it. */
export const planFlags = {
  config: {
    type: "text",
    value: "FILE",
    about: "The file, for those who are used to naming it so",
    complete: "file",
    hidden: true,
  },
  prompt: { type: "list", value: "TEXT", about: "A prompt, whatever it looks like; may be given several times" },
  workspace: {
    type: "text",
    value: "FOLDER",
    about: "The folder the agents work in, instead of the file's or the current one",
    complete: "folder",
  },
  only: {
    type: "list",
    value: "INSTANCE",
    about: "Run only this instance and what it needs; may be given several times",
    olderNames: ["select"],
  },
  var: { type: "list", value: "NAME=VALUE", about: "A variable of the file; may be given several times" },
  concurrency: { type: "number", value: "N", about: "At most so many instances at once" },
  "startup-delay": { type: "text", value: "TIME", about: "Time between one start and the next, such as 2s" },
  "start-at": {
    type: "text",
    value: "WHEN",
    about: "Begin later: in a time such as 2h, at 14:30 or 2am, or at an ISO date",
  },
  timeout: {
    type: "text",
    value: "TIME",
    about: "Longest time of one attempt, such as 15m; a mere number means seconds",
  },
  agent: {
    type: "text",
    value: "NAME",
    about: "The agent that is asked a prompt: claude (without it), codex, gemini, opencode",
  },
  model: { type: "text", value: "MODEL", about: "The model, for every instance that has one" },
  "permission-mode": {
    type: "text",
    value: "MODE",
    about: "What agents may do without asking",
    choices: permissionModes,
  },
  "allowed-tools": { type: "text", value: "TOOLS", about: "Tools used without asking, with commas between" },
  "max-turns": { type: "number", value: "N", about: "At most so many turns of the model per instance" },
  "budget-tokens": {
    type: "number",
    value: "N",
    about: "At most so many tokens for the whole run",
    olderNames: ["overall-token-budget"],
  },
  "budget-usd": {
    type: "number",
    value: "AMOUNT",
    about: "At most so many US dollars for the whole run",
    olderNames: ["overall-cost-budget"],
  },
  "on-exceed": {
    type: "text",
    value: "HOW",
    about:
      "When a budget is spent: warn says so, block stops what runs and refuses the rest, pause starts nothing more until it frees. For every limit, also instead of a cheaper model, which only a file can name (on_exceed: { downgrade: MODEL })",
    choices: enforcements,
    olderNames: ["budget-enforcement-mode"],
  },
  gateway: {
    type: "text",
    value: "on|off",
    about: "Whether agents ask their models through the gateway: budgets then hold before money is spent",
    choices: ["on", "off"],
  },
  telemetry: {
    type: "text",
    value: "on|off",
    about: "Whether spans of the run go to an OpenTelemetry collector (OTEL_EXPORTER_OTLP_ENDPOINT, or this machine's)",
    choices: ["on", "off"],
  },
  "metrics-port": {
    type: "number",
    value: "PORT",
    about: "Serve metrics for Prometheus at this port of 127.0.0.1 while the run goes on",
  },
  record: {
    type: "text",
    value: "FOLDER",
    about: "Keep what all agents ask their models, and the answers, as a cassette in this new folder",
    complete: "folder",
  },
  replay: {
    type: "text",
    value: "FOLDER",
    about: "Answer the agents from this cassette: no network, no key, nothing spent",
    complete: "folder",
  },
  "replay-pace": {
    type: "text",
    value: "PACE",
    about: "How fast answers are replayed: fast (without it), or real, as they came",
    choices: ["fast", "real"],
  },
  "command-budget": {
    type: "list",
    value: "/COMMAND=N",
    about: "At most so many tokens for a slash command",
    hidden: true,
  },
  "command-cost-budget": {
    type: "list",
    value: "/COMMAND=USD",
    about: "At most so many US dollars for a slash command",
    hidden: true,
  },
  "disable-budget-visuals": { type: "switch", about: "No budget bars", hidden: true },
  "trust-workspace": {
    type: "switch",
    about: "Load the workspace's own agent settings, hooks and MCP servers: they can run any program",
  },
  "allow-unknown-commands": {
    type: "switch",
    about: "Send a slash command nobody knows to the model as plain text, instead of refusing it",
  },
  "agent-path": agentPathFlag,
  "runs-dir": runsFolderFlag,
  name: { type: "text", value: "NAME", about: "What the run is called" },
} as const satisfies Record<string, FlagSpec>;
