import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { fastify } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerFactory } from "fastify";
import { problemType, routes } from "@claude-orchestrator/protocol";
import type { Permission, Route, RouteName } from "@claude-orchestrator/protocol";
import type { AccessRules } from "./access/authenticate.ts";
import { authenticate } from "./access/authenticate.ts";
import type { Principal } from "./access/accessBook.ts";
import { actionOf, addAuditing } from "./http/auditing.ts";
import type { AuditingParts } from "./http/auditing.ts";
import { remoteAddress } from "./http/guard.ts";
import { problemOf } from "./http/problemOf.ts";
import { readJson } from "./http/readJson.ts";
import { Refusal } from "./http/refusal.ts";
import { sent } from "./handlers.ts";
import type { Handlers } from "./handlers.ts";
import { addPageRoutes, notThere } from "./page/pageRoutes.ts";
import type { PageParts } from "./page/pageRoutes.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    permission?: Permission | "public";
    name?: string;
  }
  interface FastifyRequest {
    principal?: Principal;
  }
}

const largestBody = 2 * 1024 * 1024;
/** Of somebody who is not signed in: a code, or a token. */
const largestOpenBody = 4096;

export interface AppParts extends AuditingParts {
  readonly handlers: Handlers;
  readonly page: PageParts;
  readonly serverFactory: FastifyServerFactory;
  readonly isDraining: () => boolean;
}

/** Every route, each behind its permission. @throws Error where a route has none: such a server never starts */
export function buildApp(parts: AppParts): FastifyInstance {
  const app = fastify({
    genReqId: () => randomUUID(),
    serverFactory: parts.serverFactory,
    exposeHeadRoutes: false,
    bodyLimit: largestBody,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 400 },
  });
  app.addHook("onRoute", ({ config, url }) => {
    if (config?.permission === undefined) throw new Error(`${url} has no permission`);
  });
  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as unknown as Schema, httpPart ?? "request"));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  acceptJsonOnly(app);
  app.addHook("onRequest", async (request) => letIn(request, parts));
  addAuditing(app, parts);
  app.setErrorHandler((error, _request, reply) => sendProblem(error, reply, parts));
  app.setNotFoundHandler((_request, reply) => sendProblem(notThere(), reply, parts));
  for (const [name, route] of Object.entries<Route>(routes)) addRoute(app, name as RouteName, route, parts);
  addPageRoutes(app, parts.page);
  return app;
}

function addRoute(app: FastifyInstance, name: RouteName, route: Route, { handlers }: AppParts): void {
  const { method, path, permission, params, query, body, status = 200 } = route;
  // The schemas have checked exactly what the handler's own type promises.
  const handler = handlers[name] as (asked: unknown, call: unknown) => Promise<unknown>;
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ":$1"),
    config: { permission, name, ...actionOf(name, route) },
    ...(permission === "public" ? { bodyLimit: largestOpenBody } : {}),
    schema: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
    },
    handler: async (request, reply) => {
      const { params: asked, query: words, body: content, raw, principal } = request;
      reply.code(status);
      const answer = await handler({ params: asked, query: words, body: content }, { request: raw, reply, principal });
      if (answer !== sent) await reply.send(answer);
    },
  });
}

interface Schema {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: unknown }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

function validator(schema: Schema, part: string): (value: unknown) => { value: unknown } | { error: Error } {
  return (value) => {
    const parsed = schema.safeParse(value ?? {});
    if (parsed.success) return { value: parsed.data };
    const [issue] = parsed.error.issues;
    const place = [part === "querystring" ? "query" : part, ...(issue?.path ?? [])].map(String).join(".");
    return { error: new Refusal(400, "invalid-request", `${place}: ${issue?.message ?? "not what it should be"}`) };
  };
}

/** A body is JSON and says so: what a page of another site can send without asking is refused. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: unknown, body: Buffer) =>
    body.length === 0 ? {} : readJson(body),
  );
}

function letIn(request: FastifyRequest, { rules, isDraining }: AppParts): void {
  if (request.headers["content-encoding"] !== undefined) {
    throw new Refusal(415, "wrong-content-type", "A body is taken as it is, not compressed");
  }
  const { permission } = request.routeOptions.config;
  // A route that does not exist: it is answered as such.
  if (request.is404) return;
  if (permission === undefined) throw new Error(`${request.url} has no permission`);
  if (permission !== "public") request.principal = authenticate(request.raw, permission, rules());
  else if (request.routeOptions.config.action === "signIn") letTry(request, rules());
  if (isDraining() && request.routeOptions.config.name !== "getHealth") {
    throw new Refusal(503, "draining", "The server is ending", { hint: "ask again in a few seconds" });
  }
}

/** A link's code that is good passes, whatever others tried: pages of other sites can try links. @throws Refusal 429 */
function letTry({ params, raw }: FastifyRequest, { book, doors, gate }: AccessRules): void {
  const { code } = params as { readonly code?: string };
  if (code === undefined || !book.hasCode(code)) gate.pass(remoteAddress(raw, doors));
}

function sendProblem(error: unknown, reply: FastifyReply, { onTrouble }: AppParts): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500 && problem.code === "internal") onTrouble(error);
  if (error instanceof Refusal && error.retryAfterSeconds !== undefined) {
    reply.header("retry-after", error.retryAfterSeconds);
  }
  return reply.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem);
}

/** Whoever is let in by an upgrade is asked the same as by a request. @throws Refusal */
export function letInUpgrade(request: IncomingMessage, rules: AccessRules): Principal {
  return authenticate(request, routes.openLive.permission, rules);
}
