import { existsSync } from "node:fs";
import type { NotifyChannel, NotifyUrl } from "@claude-orchestrator/domain";
import type { EnvironmentSource } from "@claude-orchestrator/engine/ports";
import { runBriefly } from "../briefProcess.ts";
import { postOutbound } from "../outbound/postOutbound.ts";
import type { OutboundAnswer, OutboundPost } from "../outbound/postOutbound.ts";
import { RefusedTarget } from "../outbound/refusedTarget.ts";
import type { Resolver } from "../outbound/resolveTarget.ts";
import { desktopCall } from "./desktop.ts";
import { messageJson } from "./message.ts";
import type { NotifyMessage } from "./message.ts";
import { slackBody } from "./slack.ts";
import { webhookRequest } from "./webhook.ts";

export interface SendParts {
  readonly environment: EnvironmentSource;
  /** Where a command runs: the workspace. */
  readonly cwd: string;
  /** ms since 1970. */
  readonly wall: () => number;
  readonly resolve?: Resolver;
  readonly platform?: NodeJS.Platform;
  /** For one try. Default 10 s. */
  readonly timeoutMs?: number;
}

/** What one try came to. `again`: another one may go better. */
export type SendAnswer =
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly detail: string; readonly again: boolean; readonly retryAfterMs?: number };

const tryTimeoutMs = 10_000;

/** Of our environment beside the short list: how a desktop is reached. */
const desktopNames = ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"] as const;

/** Tries once to tell a target. Never rejects, and ends within the try's time. */
export async function sendNotice(
  target: NotifyChannel,
  message: NotifyMessage,
  parts: SendParts,
  signal?: AbortSignal,
): Promise<SendAnswer> {
  switch (target.kind) {
    case "webhook": {
      const secret = target.secretEnv === undefined ? undefined : valueOf(target.secretEnv, parts);
      if (secret === "") return never(`$${target.secretEnv} is not set`);
      const request = webhookRequest(message, secret, parts.wall());
      return post(target, request, parts, signal);
    }
    case "slack": {
      const headers = { "content-type": "application/json", "user-agent": "claude-orchestrator" };
      return post(target, { headers, body: slackBody(message) }, parts, signal);
    }
    case "desktop": {
      const { argv, env } = desktopCall(message, parts.platform ?? process.platform);
      return runProgram({ argv, env: { ...desktopEnvironment(parts), ...env } }, parts, signal);
    }
    case "command":
      return runProgram(
        {
          argv: target.argv,
          env: {
            CLAUDE_ORCHESTRATOR_NOTICE: message.kind,
            CLAUDE_ORCHESTRATOR_RUN: message.run.id,
            CLAUDE_ORCHESTRATOR_RUN_DIRECTORY: message.run.directory,
            CLAUDE_ORCHESTRATOR_DELIVERY: message.id,
          },
          input: messageJson(message),
        },
        parts,
        signal,
      );
  }
}

async function post(
  { url, allowPrivate }: { readonly url: NotifyUrl; readonly allowPrivate: boolean },
  request: Pick<OutboundPost, "headers" | "body">,
  parts: SendParts,
  signal: AbortSignal | undefined,
): Promise<SendAnswer> {
  const text = "env" in url ? valueOf(url.env, parts) : url.text;
  if (text === "" && "env" in url) return never(`$${url.env} is not set`);
  if (!URL.canParse(text)) return never("its address cannot be read");
  try {
    const answer = await postOutbound({
      ...request,
      url: new URL(text),
      allowPrivate,
      timeoutMs: parts.timeoutMs ?? tryTimeoutMs,
      ...(parts.resolve === undefined ? {} : { resolve: parts.resolve }),
      ...(signal === undefined ? {} : { signal }),
    });
    return judge(answer);
  } catch (error) {
    const detail = error instanceof Error ? whyNot(error) : String(error);
    return error instanceof RefusedTarget ? never(detail) : { ok: false, detail, again: true };
  }
}

/** What may pass is tried again: too many requests, a receiver's own trouble. A redirect or a refusal stays what it is. */
function judge({ status, excerpt, retryAfterMs }: OutboundAnswer): SendAnswer {
  if (status >= 200 && status < 300) return { ok: true, detail: `HTTP ${status}` };
  const said = excerpt === "" ? "" : `: ${excerpt}`;
  const isRedirect = status >= 300 && status < 400;
  const detail = isRedirect ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}${said}`;
  const again = status >= 500 || status === 408 || status === 425 || status === 429;
  return { ok: false, detail, again, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** An error of a connection to several addresses has no words of its own. */
function whyNot(error: Error): string {
  if (error instanceof AggregateError && error.message === "") {
    return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join("; ");
  }
  return error.message;
}

function never(detail: string): SendAnswer {
  return { ok: false, detail, again: false };
}

/** Empty where it is not set. */
function valueOf(name: string, { environment }: SendParts): string {
  return environment.get(name)?.trim() ?? "";
}

function desktopEnvironment({ environment }: SendParts): Readonly<Record<string, string>> {
  const found = desktopNames.flatMap((name) => {
    const value = environment.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

async function runProgram(
  { argv, env, input }: { argv: readonly string[]; env: Readonly<Record<string, string>>; input?: string },
  parts: SendParts,
  signal: AbortSignal | undefined,
): Promise<SendAnswer> {
  const answer = await runBriefly({
    argv,
    cwd: parts.cwd,
    env: { ...parts.environment.base(), ...env },
    timeoutMs: parts.timeoutMs ?? tryTimeoutMs,
    maxBytes: 10_000,
    ...(input === undefined ? {} : { input }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.code === 0) return { ok: true, detail: "exit 0" };
  const said = answer.stderr.toString("utf8").replaceAll(/\s+/g, " ").trim().slice(0, 200);
  const what = answer.code === undefined ? problemWords(answer.problem, argv, parts.cwd) : `exit ${answer.code}`;
  const again = answer.problem !== "ENOENT" && answer.problem !== "EACCES";
  return { ok: false, detail: said === "" ? what : `${what}: ${said}`, again };
}

/** The system says the same of a program that is not there and of a folder that is not. */
function problemWords(problem: string | undefined, [program = ""]: readonly string[], cwd: string): string {
  if (problem === "ENOENT") return existsSync(cwd) ? `there is no program \`${program}\`` : `there is no folder ${cwd}`;
  if (problem === "EACCES") return `\`${program}\` may not be executed`;
  return problem ?? "it ended without an exit code";
}
