import { STATUS_CODES } from "node:http";
import { UserError } from "@claude-orchestrator/domain";
import type { UserErrorCode } from "@claude-orchestrator/domain";
import type { Problem } from "@claude-orchestrator/protocol";
import { Refusal } from "./refusal.ts";

const statusOf: Readonly<Partial<Record<UserErrorCode, number>>> = {
  "run-not-found": 404,
  "instance-not-found": 404,
  "schedule-not-found": 404,
  "command-not-found": 404,
  "run-busy": 409,
  "run-not-running": 409,
  "plan-changed": 409,
};

/** Of what Fastify refuses by itself, what a client is told. */
const ownCodes: Readonly<Record<number, string>> = { 404: "not-found", 413: "too-large", 415: "wrong-content-type" };

/** What a client is told of an error. Of a bug of ours it is told no more than that. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    const { status, code, message, hint, problems } = error;
    return problemWith(status, {
      code,
      detail: message,
      hint,
      problems: problems === undefined ? undefined : [...problems],
    });
  }
  if (error instanceof UserError) {
    const { code, message, hint } = error;
    return problemWith(statusOf[code] ?? 422, { code, detail: message, hint });
  }
  const status = clientStatusOf(error);
  if (status === undefined) {
    return problemWith(500, { code: "internal", detail: "This is a bug of ours; the server's own output tells more" });
  }
  const detail = error instanceof Error ? error.message : undefined;
  return problemWith(status, { code: ownCodes[status] ?? "invalid-request", detail });
}

type Told = { readonly [Key in "detail" | "hint"]?: string | undefined } & {
  readonly code: string;
  readonly problems?: Problem["problems"];
};

function problemWith(status: number, { code, detail, hint, problems }: Told): Problem {
  return {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(problems === undefined ? {} : { problems }),
  };
}

/** Undefined for what is no mistake of a client's. */
function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
