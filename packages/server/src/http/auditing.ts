import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Route } from "@claude-orchestrator/protocol";
import type { AccessRules } from "../access/authenticate.ts";
import type { Audit, AuditLine } from "../audit.ts";
import { remoteAddress } from "./guard.ts";
import { Refusal } from "./refusal.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The name it has in the audit; absent: it is not put on record. */
    action?: string;
  }
}

const tooManyAttempts = 429;

export interface AuditingParts {
  readonly audit: Audit;
  readonly rules: () => AccessRules;
  /** A bug of ours, or a trouble of the disk: nothing a client is told of. */
  readonly onTrouble: (error: unknown) => void;
}

/** Of a route that changes something, its name in the audit; what only looks is not written down, whatever its method. */
export function actionOf(name: string, { method, permission }: Route): { readonly action?: string } {
  return method === "GET" || permission === "run:read" ? {} : { action: name };
}

/**
 * 1. Before an action is done it is on record that it will be, on disk: what cannot be put on record is refused, and nothing happens.
 * 2. What became of it is a second line. Where that one cannot be written, the first stands.
 * 3. Also an action that was refused is told, where it is known who wished it, and every sign-in but those of whom tries too often:
 *    nobody can fill the disk with them.
 */
export function addAuditing(app: FastifyInstance, parts: AuditingParts): void {
  app.addHook("preHandler", async (request) => announce(request, parts));
  app.addHook("onSend", async (request, reply) => tell(request, reply, parts));
}

function announce(request: FastifyRequest, { audit, rules, onTrouble }: AuditingParts): void {
  const line = lineOf(request, rules(), null);
  if (line === undefined) return;
  try {
    audit.record(line);
  } catch (error) {
    onTrouble(error);
    throw new Refusal(503, "not-on-record", `Nothing was done, since it cannot be put on record: ${whyNot(error)}`, {
      hint: "the server's own output names the file; ask again once it can be written",
    });
  }
}

function tell(request: FastifyRequest, reply: FastifyReply, { audit, rules, onTrouble }: AuditingParts): void {
  if (reply.statusCode === tooManyAttempts) return;
  const line = lineOf(request, rules(), reply.statusCode);
  if (line === undefined) return;
  try {
    audit.record(line);
  } catch (error) {
    onTrouble(error);
  }
}

function lineOf(request: FastifyRequest, { doors }: AccessRules, status: number | null): AuditLine | undefined {
  const { action } = request.routeOptions.config;
  const isSignIn = action === "signIn";
  if (action === undefined || (request.principal === undefined && !isSignIn)) return undefined;
  return {
    request: request.id,
    actor: request.principal?.actor ?? null,
    action,
    // What signs somebody in is nobody's to read.
    object: isSignIn ? null : objectOf(request.params),
    status,
    remote: remoteAddress(request.raw, doors),
  };
}

function objectOf(params: unknown): string | null {
  if (typeof params !== "object" || params === null) return null;
  const [first] = Object.values(params) as unknown[];
  return typeof first === "string" ? first : null;
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? "the record cannot be written";
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  ENOENT: "its folder is gone",
  EIO: "the disk fails",
};
