import type { AgentEvent, ExitFacts, InstancePlan } from "@claude-orchestrator/domain";
import type { AgentAdapter, AgentJob, AgentParser, Invocation } from "@claude-orchestrator/engine/ports";
import { oneLine } from "../shared/looseJson.ts";
import { unsupportedFields } from "../shared/unsupportedFields.ts";
import { keepWithin } from "./keptText.ts";

/** A program of the person's own, or a script: what it prints is its result, its exit code its word. */
export const command: AgentAdapter = {
  name: "command",
  about: "a program or script of your own (`run`): what it prints is the result, exit code 0 is success",
  program: undefined,
  capabilities: {
    resume: false,
    usage: "none",
    cost: "none",
    structuredOutput: false,
    commands: false,
    sessions: false,
    maxTurns: false,
    systemPrompt: false,
    mcp: false,
  },
  passEnv: [],
  stopLadder: [
    { signal: "SIGTERM", to: "group", waitMs: 5000 },
    { signal: "SIGKILL", to: "group", waitMs: 1000 },
  ],
  problems: commandProblems,
  invocation: commandInvocation,
  createParser: commandParser,
};

function commandProblems(instance: InstancePlan): readonly string[] {
  if (instance.work.kind === "prompt") return ["agent `command` needs `run`: an argv list, or a script"];
  if (instance.work.kind === "argv" && instance.work.argv.length === 0) return ["`run` is an empty list"];
  const noModel = "it calls no model";
  return unsupportedFields("command", instance, {
    model: noModel,
    fallback_model: noModel,
    effort: noModel,
    system_prompt: noModel,
    append_system_prompt: noModel,
    max_turns: noModel,
    add_dirs: "it is not confined to a folder",
    mcp_config: noModel,
    allowed_tools: noModel,
    disallowed_tools: noModel,
    settings: noModel,
    json_schema: "print JSON and check it with `success_when: json_schema`",
    session_id: "it has no sessions",
    resume: "it has no sessions",
  });
}

/** A script is handed to the shell as it stands: values reach it by the environment only, so nothing is pasted into it. */
function commandInvocation({ instance }: AgentJob): Invocation {
  return { argv: commandWords(instance), env: {}, files: {} };
}

function commandWords({ work, cwd }: InstancePlan): readonly string[] {
  if (work.kind === "argv") return work.argv;
  const script = work.kind === "script" ? work.script : "";
  return isWindowsPath(cwd) ? ["cmd.exe", "/d", "/s", "/c", script] : ["/bin/sh", "-c", script];
}

/** This room knows no platform; an absolute path tells. */
function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

function commandParser(): AgentParser {
  const output = keepWithin(1_000_000);
  let lastError: string | undefined;
  return {
    stdoutLine(text, droppedBytes) {
      output.add(text, droppedBytes);
      return text.trim() === "" ? [] : [{ type: "message", text }];
    },
    stderrLine(text) {
      if (text.trim() !== "") lastError = oneLine(text, 1000);
      return [];
    },
    ended: (exit) => atEnd(exit, output.text(), lastError),
  };
}

function atEnd(exit: ExitFacts, result: string, lastError: string | undefined): readonly AgentEvent[] {
  // Nobody saw how it ended, and that is all a command ever says: whoever knows more decides.
  if (exit.spawnError !== undefined || exit.lost === true) return [];
  if (exit.code === 0) return [{ type: "finished", ok: true, result }];
  const said = lastError === undefined ? "" : `: ${lastError}`;
  const failure =
    exit.signal === undefined
      ? ({ kind: "agent_error", message: `it exited with code ${exit.code ?? "unknown"}${said}` } as const)
      : ({ kind: "crash", message: `it was ended by ${exit.signal}${said}` } as const);
  return [{ type: "finished", ok: false, result, failure }];
}
