import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply } from "fastify";
import { sessionCookie } from "../access/authenticate.ts";
import type { AccessBook } from "../access/accessBook.ts";
import { Refusal } from "../http/refusal.ts";
import type { PageFile } from "./pageFiles.ts";
import { noPageBuilt, signedIn, signInRefused } from "./plainPages.ts";

export const sessionSeconds = 7 * 24 * 60 * 60;
const html = "text/html; charset=utf-8";

export interface PageParts {
  readonly book: AccessBook;
  readonly basePath: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, PageFile> | undefined;
  readonly port: () => number;
  readonly onWrongCode: (request: IncomingMessage) => void;
}

/** The static shell: it holds nothing of anybody, so it is open to whoever may reach the server. */
export function addPageRoutes(app: FastifyInstance, parts: PageParts): void {
  const config = { permission: "public", name: "page" } as const;
  const signIn = { ...config, action: "signIn" } as const;
  app.get<{ Params: { code: string } }>("/sign-in/:code", { config: signIn }, (request, reply) => {
    const secret = parts.book.signInByCode(request.params.code);
    const principal = secret === undefined ? undefined : parts.book.bySession(secret);
    if (principal !== undefined) request.principal = principal;
    if (secret === undefined) parts.onWrongCode(request.raw);
    if (secret === undefined) return reply.code(403).type(html).send(signInRefused());
    reply.header("set-cookie", sessionCookie(parts.port(), secret, sessionSeconds));
    return reply.type(html).send(signedIn(parts.basePath));
  });
  app.get("/*", { config }, (request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    return sendPage(decodeURIComponent(path), parts, reply);
  });
}

/** A file of the page; for what is none, the page itself, which knows its own addresses. */
function sendPage(path: string, { files, version }: PageParts, reply: FastifyReply): FastifyReply {
  if (/^\/(?:api|assets)(?:\/|$)/i.test(path) && files?.has(path) !== true) throw notThere();
  if (files === undefined) return reply.type(html).send(noPageBuilt(version));
  const file = files.get(path) ?? files.get("/index.html");
  if (file === undefined) throw notThere();
  reply.header("cache-control", file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
  return reply.type(file.type).send(file.body);
}

export function notThere(): Refusal {
  return new Refusal(404, "not-found", "There is nothing at this address");
}
