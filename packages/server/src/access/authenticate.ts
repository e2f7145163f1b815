import type { IncomingMessage } from "node:http";
import type { Permission } from "@claude-orchestrator/protocol";
import type { Doors } from "../http/doors.ts";
import { comesFromOurPage, remoteAddress } from "../http/guard.ts";
import { notSignedIn, Refusal } from "../http/refusal.ts";
import type { AccessBook, Principal } from "./accessBook.ts";
import type { AttemptGate } from "./attemptGate.ts";

/** Cookies know no ports: two servers on one machine must not sign each other out. */
export function cookieName(port: number): string {
  return `__Host-claude-orchestrator-${port}`;
}

export function sessionCookie(port: number, secret: string, maxAgeSeconds: number): string {
  return `${cookieName(port)}=${secret}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Strict`;
}

/** The session's secret, where the request has one. */
export function sessionOf({ headers }: IncomingMessage, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  const found = (headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return found.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}

export interface AccessRules {
  readonly book: AccessBook;
  readonly doors: Doors;
  readonly gate: AttemptGate;
  readonly port: number;
}

/**
 * Who asks, with the permission the route needs. A token is taken from its header only: an address ends up in histories and logs.
 *
 * @throws Refusal 401 for nobody, 403 for somebody who may not, 429 for who was wrong too often
 */
export function authenticate(request: IncomingMessage, needed: Permission, rules: AccessRules): Principal {
  const principal = principalOf(request, rules);
  if (principal === undefined) throw notSignedIn();
  if (!principal.permissions.has(needed)) {
    throw new Refusal(403, "forbidden", `${principal.actor.name} may not do this: it needs \`${needed}\``);
  }
  return principal;
}

function principalOf(request: IncomingMessage, rules: AccessRules): Principal | undefined {
  const { book, doors, port } = rules;
  const { authorization } = request.headers;
  if (authorization !== undefined) return byToken(authorization, remoteAddress(request, doors), rules);
  const session = sessionOf(request, port);
  const principal = session === undefined ? undefined : book.bySession(session);
  if (principal !== undefined && !comesFromOurPage(request, doors)) {
    throw new Refusal(403, "wrong-origin", "A browser must say that this comes from our own page");
  }
  return principal;
}

function byToken(authorization: string, address: string, { book, gate }: AccessRules): Principal | undefined {
  const [, secret = ""] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
  if (!gate.wasGood(secret)) gate.pass(address);
  const principal = book.byToken(secret);
  if (principal === undefined) gate.failed(address);
  else gate.good(secret);
  return principal;
}
