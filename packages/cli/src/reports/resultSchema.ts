import { verdicts } from "@claude-orchestrator/domain";
import type { JsonObject } from "@claude-orchestrator/domain";
import { resultSchemaVersion } from "./resultDocument.ts";

const text = (description: string): JsonObject => ({ type: "string", description });
const textOrNull = (description: string): JsonObject => ({ type: ["string", "null"], description });
const count = (description: string): JsonObject => ({ type: "integer", minimum: 0, description });
const numberOrNull = (description: string): JsonObject => ({ type: ["number", "null"], description });
const list = (items: JsonObject, description: string): JsonObject => ({ type: "array", items, description });

function closed(properties: JsonObject, description: string): JsonObject {
  return { type: "object", description, properties, required: Object.keys(properties), additionalProperties: false };
}

const tokens = closed(
  {
    total: count("Every token that passed: input, output, cache reads and writes"),
    input: count("Input tokens that were neither read from nor written to the cache"),
    output: count("Output tokens, reasoning included"),
    cache_read: count("Input tokens read from the cache"),
    cache_write_5m: count("Input tokens written to the five-minute cache"),
    cache_write_1h: count("Input tokens written to the one-hour cache"),
    reasoning: count("The part of the output that was reasoning"),
  },
  "Tokens by kind; the kinds never overlap",
);

const spending: JsonObject = {
  tokens,
  cost_usd: numberOrNull("US dollars; null where some model's price is not known"),
  cost_source: {
    enum: ["none", "reported", "priced", "mixed", "unknown"],
    description:
      "reported: the agent's own figure; priced: our price list; mixed: some of each; unknown: a model has no price",
  },
  totals_are_final: { type: "boolean", description: "False where the figures are a lower bound" },
};

const failure: JsonObject = {
  description: "Why it failed, null where it did not",
  anyOf: [
    { type: "null" },
    closed(
      {
        kind: text("The kind of failure, one word of a closed list"),
        message: text("The agent's own sentence, or ours"),
        resets_at: textOrNull("When the limit that stopped it lifts"),
        http_status: numberOrNull("HTTP status of the model API where that was the cause"),
      },
      "A failure",
    ),
  ],
};

const verdict = {
  enum: [...verdicts, "unsettled"],
  description: "How it ended; unsettled where the program ended before it did",
};

const wish = closed(
  {
    at: textOrNull("ISO date"),
    what: text("The event by which it came true"),
    instance: textOrNull("null: of the whole run"),
    by: closed(
      {
        kind: { enum: ["session", "token"], description: "A browser that was signed in, or an API token" },
        name: text("Its name there"),
      },
      "Who wished it",
    ),
  },
  "One wish; what commands and signals of the machine wish has nobody's name and is not here",
);

const models = list(
  closed(
    {
      model: text("The model"),
      tokens,
      cost_usd: numberOrNull("Null where its price is not known"),
      cache_saved_usd: numberOrNull(
        "What its cache saved by list prices, below zero where writing to it cost more; null where they are not known",
      ),
    },
    "One model",
  ),
  "Tokens and cost by model",
);

const attempt = closed(
  {
    number: { type: "integer", minimum: 1, description: "The first attempt is 1" },
    agent: text("The agent that worked"),
    status: verdict,
    reason: text("One sentence: why it ended so"),
    started_at: textOrNull("ISO date"),
    ended_at: textOrNull("ISO date"),
    duration_ms: numberOrNull("From start to end"),
    exit_code: { type: ["integer", "null"], description: "The process's exit code" },
    signal: textOrNull("The signal that ended the process"),
    spawn_error: textOrNull("Set where the process never ran"),
    swept_processes: count("Processes it left behind, found and ended"),
    failure,
    session_id: textOrNull("The agent's session"),
    model: textOrNull("The model the agent told of"),
    agent_version: textOrNull("The agent's version"),
    permission_mode: textOrNull("The permission mode the agent told of"),
    argv: list({ type: "string" }, "The words that were run, secrets taken out"),
    turns: count("Turns the agent told of"),
    events: count("Events understood"),
    unreadable_lines: count("Lines of output that were not understood; they are in the raw output"),
    denied: list(
      closed({ tool: text("The tool"), reason: text("Why") }, "A refused call"),
      "Tool calls refused for want of permission",
    ),
    checks: list(
      closed(
        {
          check: text("What was asked"),
          ok: { type: "boolean", description: "Whether it held" },
          detail: text("What was found"),
        },
        "A check",
      ),
      "Acceptance checks",
    ),
    last_lines: list({ type: "string" }, "The last useful lines of output of a failure"),
    stdout: text("Raw standard output, relative to the run's folder"),
    stderr: text("Raw standard error, relative to the run's folder"),
    ...spending,
    models,
    requests: {
      anyOf: [
        closed(
          {
            settled: count("Requests that are over"),
            uncertain: count("Of these, how many the API itself has not counted"),
            refused: count("Requests that no budget had room for: they were not sent"),
            open: count("Requests whose end is not known"),
            waited_ms: {
              type: "number",
              minimum: 0,
              description: "How long those that are over were held before they were sent",
            },
          },
          "Requests to the model through the gateway",
        ),
        { type: "null" },
      ],
      description: "Null where its requests did not go through the gateway",
    },
  },
  "One process",
);

const instance = closed(
  {
    name: text("Unique in the run"),
    group: text("The name written in the file: members of a matrix share it"),
    command: textOrNull(
      "What budgets of a command count it under: its slash command, or its whole prompt where that is short",
    ),
    description: textOrNull("From the file"),
    agent: text("The agent that worked"),
    model: textOrNull("The model the agent told of, else the one asked for"),
    status: verdict,
    verification: {
      enum: ["verified", "unverified", "refuted"],
      description: "Whether success_when was asked and held",
    },
    reason: text("One sentence: why it ended so"),
    needs: list({ type: "string" }, "What it waited for"),
    duration_ms: numberOrNull("Of its attempts together, without what lay between them"),
    result: textOrNull("The final answer"),
    structured: { description: "Structured output, null where there is none" },
    failure,
    ...spending,
    budget_path: {
      enum: ["hard", "soft", "mixed", null],
      description:
        "hard: each request was held to the budgets before it was sent; soft: counted after the fact; mixed: some attempts each way, or one that told of notably more than it asked for here; null: no attempt",
    },
    tools: { type: "object", additionalProperties: { type: "integer" }, description: "Uses by tool" },
    attempts: list(attempt, "Oldest first"),
  },
  "One instance",
);

const budget = closed(
  {
    scope: {
      enum: ["run", "command", "instance", "attempt", "sub_agent", "window", "machine", "day"],
      description:
        "What the limit covers; attempt, sub_agent: each by itself; machine, day: all runs of a person on the machine",
    },
    of: textOrNull("The command or instance covered"),
    window_ms: numberOrNull("Length of the rolling window"),
    unit: { enum: ["tokens", "cost_usd"], description: "What is limited" },
    limit: { type: "number", description: "The limit" },
    used: { type: "number", description: "What was used of it; machine, day: by all runs, as of the last look" },
    used_is_complete: {
      type: "boolean",
      description:
        "False where more may have been spent: a model without a known price spent against it, or an agent has not told its own totals, or other runs count in it",
    },
    reserved: numberOrNull(
      "What is set aside of it for requests under way; null where no request of what it covers goes through the gateway",
    ),
    left: {
      type: "number",
      minimum: 0,
      description: "What is neither used nor set aside; at most that, where `used` is not complete",
    },
    requests_refused: numberOrNull("Requests that did not fit this limit and were not sent; null as above"),
    enforcement: { enum: ["warn", "block", "pause"], description: "What happens when it is reached" },
  },
  "One limit",
);

const usageWindow = closed(
  {
    agent: text("The agent whose account it is of"),
    window: text("The window's name as the agent gave it"),
    status: { enum: ["allowed", "warning", "rejected"], description: "Its state when last told" },
    resets_at: textOrNull("ISO date"),
    utilization: numberOrNull("0 to 1"),
  },
  "A usage window of the account",
);

/** JSON Schema (2020-12) of `result.json`: `claude-orchestrator schema --result` prints it. */
export const resultSchema: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Result of a claude-orchestrator run",
  ...closed(
    {
      schema_version: {
        const: resultSchemaVersion,
        description: "Grows when a reader of the old shape would be misled",
      },
      run: text("The run's id"),
      name: text("The run's name"),
      source: textOrNull("The file, null for bare prompts"),
      program_version: text("Version of claude-orchestrator"),
      workspace: text("Absolute path"),
      directory: text("Where the run's files are"),
      demo: textOrNull("Set where the model was a stand-in: nothing here was answered by a real model"),
      replay: textOrNull("The cassette that was replayed: nothing was spent. Null for a run that asked its models"),
      status: {
        enum: ["succeeded", "failed", "budget_exceeded", "stopped", "unsettled"],
        description: "How the run ended; unsettled where the program ended before it did",
      },
      exit_code: { type: ["integer", "null"], description: "The program's exit code" },
      created_at: textOrNull("ISO date"),
      ended_at: textOrNull("ISO date"),
      duration_ms: numberOrNull("From start to end"),
      machine: closed(
        {
          platform: text("Operating system and processor"),
          node: text("Version of Node"),
          cores: count("Processor cores"),
          containment: text("Which guarantee against orphans this machine gives"),
        },
        "Where it ran",
      ),
      ...spending,
      models,
      failed_work: closed(
        {
          attempts: count("Attempts that ended and did not succeed"),
          tokens: count("Tokens they used"),
          cost_usd: numberOrNull("US dollars; null where some model's price is not known"),
        },
        "What was spent on attempts that did not succeed",
      ),
      tools: { type: "object", additionalProperties: { type: "integer" }, description: "Uses by tool" },
      budgets: list(budget, "Every limit with what was used of it"),
      usage_windows: list(usageWindow, "Usage windows of the account that an agent told of"),
      notices: list({ type: "string" }, "What the person was told about the file"),
      wishes: list(wish, "What was done to it through a server, the newest 200"),
      instances: list(instance, "In the file's order"),
    },
    "One run, whole",
  ),
};
