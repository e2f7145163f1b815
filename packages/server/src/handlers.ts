import type { FastifyReply } from "fastify";
import type { IncomingMessage } from "node:http";
import { openApiDocument, readCursor } from "@claude-orchestrator/protocol";
import type { Answer, Asked, Positions, RouteName, Routes } from "@claude-orchestrator/protocol";
import { findRun, openRunLog } from "@claude-orchestrator/store";
import type { AccessBook, Principal } from "./access/accessBook.ts";
import type { AccessRules } from "./access/authenticate.ts";
import { sessionCookie, sessionOf } from "./access/authenticate.ts";
import { remoteAddress } from "./http/guard.ts";
import type { Fleet, FleetRoute } from "./fleet.ts";
import { notSignedIn, Refusal } from "./http/refusal.ts";
import { eventStreamSink } from "./live/eventStream.ts";
import type { LiveHub } from "./live/liveHub.ts";
import type { RunList } from "./live/runList.ts";
import { sendOutput } from "./logs/sendOutput.ts";
import type { LogDesk } from "./logs/logRoutes.ts";
import { sessionSeconds } from "./page/pageRoutes.ts";

/** One request that was let in. */
export interface Call {
  readonly request: IncomingMessage;
  readonly reply: FastifyReply;
  readonly principal: Principal;
}

/** An answer that is on its way already. */
export const sent = Symbol("sent");

type Handler<Name extends RouteName> = (
  asked: Asked<Routes[Name]>,
  call: Call,
) => Promise<Answer<Routes[Name]> | typeof sent>;

/** One for each route there is: a route that is forgotten does not compile. */
export type Handlers = { readonly [Name in RouteName]: Handler<Name> };

export interface HandlerParts {
  readonly fleet: Fleet;
  readonly book: AccessBook;
  readonly rules: () => AccessRules;
  readonly hub: LiveHub;
  readonly list: RunList;
  readonly logs: LogDesk;
  readonly port: () => number;
  readonly isDraining: () => boolean;
}

export function createHandlers(parts: HandlerParts): Handlers {
  return { ...ownHandlers(parts), ...parts.fleet.routes };
}

function ownHandlers(parts: HandlerParts): Omit<Handlers, FleetRoute> {
  const { fleet, book, hub, list, logs } = parts;
  return {
    getHealth: () => Promise.resolve({ status: parts.isDraining() ? "draining" : "ok", version: fleet.version }),
    signIn: ({ body }, { reply }) => Promise.resolve(signIn(body.code, reply, parts)),
    signOut: async (_asked, { request, reply }) => {
      book.signOut(sessionOf(request, parts.port()) ?? "");
      reply.header("set-cookie", sessionCookie(parts.port(), "", 0));
      return { message: "signed out" };
    },
    getSession: async (_asked, { principal }) => sessionDocument(principal, fleet),
    getOpenApi: async () => openApiDocument(),
    listRuns: ({ query }) => listRuns(list, query),
    listEvents: async (asked) => listEvents(asked, fleet.runsFolder),
    readLog: (asked, { request }) => logs.read(asked, () => request.socket.destroyed),
    searchLog: (asked, { reply }) => logs.search(asked, goneSignal(reply)),
    downloadLog: async ({ params, query }, { request, reply }) => {
      await sendOutput(logs.file(params.run, query), {
        request,
        reply,
        name: `${params.run}-${query.instance}.${query.stream}`,
      });
      return sent;
    },
    openLive: async ({ query }, { request, reply, principal }) => {
      const after = positionsOf(query, request);
      hub.refuseMore(principal);
      reply.hijack();
      hub.open(eventStreamSink(reply.raw), principal, { list: query.list, after });
      return sent;
    },
    changeTopics: async ({ params, body }, { principal }) => {
      hub.follow(params.stream, principal, new Map(body.runs.map(({ run, after }) => [run, after])));
      return { message: `${body.runs.length} runs are followed` };
    },
  };
}

/** Aborted when nobody waits for the answer any more. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => gone.abort());
  return gone.signal;
}

function signIn(
  code: string,
  reply: FastifyReply,
  { book, fleet, port, rules }: HandlerParts,
): Answer<Routes["signIn"]> {
  const secret = book.signInByCode(code) ?? book.signInByToken(code);
  const principal = secret === undefined ? undefined : book.bySession(secret);
  if (secret === undefined || principal === undefined) {
    const { gate, doors } = rules();
    gate.failed(remoteAddress(reply.request.raw, doors));
    throw notSignedIn();
  }
  reply.header("set-cookie", sessionCookie(port(), secret, sessionSeconds));
  // For the audit: who it is now.
  reply.request.principal = principal;
  return sessionDocument(principal, fleet);
}

function sessionDocument(principal: Principal, fleet: Fleet): Answer<Routes["getSession"]> {
  return {
    actor: principal.actor,
    permissions: [...principal.permissions],
    version: fleet.version,
    expires_at: new Date(principal.expiresAt).toISOString(),
    workspace: fleet.workspace,
    runs_folder: fleet.runsFolder,
    demo: true,
  };
}

async function listRuns(list: RunList, query: Asked<Routes["listRuns"]>["query"]): Promise<Answer<Routes["listRuns"]>> {
  await list.look();
  const text = query.text?.toLowerCase();
  const all = list.runs;
  const from = query.before === undefined ? 0 : all.findIndex(({ run }) => run === query.before) + 1;
  const matching = all
    .slice(from)
    .filter(({ status }) => query.status === undefined || status === query.status)
    .filter(({ run, name }) => text === undefined || `${run} ${name ?? ""}`.toLowerCase().includes(text));
  return { runs: matching.slice(0, query.limit), has_more: matching.length > query.limit };
}

function listEvents({ params, query }: Asked<Routes["listEvents"]>, folder: string): Answer<Routes["listEvents"]> {
  const { id, directory } = findRun(folder, params.run);
  const log = openRunLog(directory);
  try {
    const events = [...log.events(query.from, query.limit + 1)];
    const page = events.slice(0, query.limit);
    const next = (page.at(-1)?.seq ?? query.from - 1) + 1;
    return { run: id, events: page, next, has_more: events.length > page.length };
  } finally {
    log.close();
  }
}

/**
 * From where on a stream tells: of runs it was told of before, what follows; of those it asks for now, all.
 *
 * @throws Refusal for what is no cursor
 */
export function positionsOf(
  query: { readonly runs?: string | undefined; readonly cursor?: string | undefined },
  request: IncomingMessage,
): Positions {
  const last = request.headers["last-event-id"];
  const known = readCursor((typeof last === "string" ? last : query.cursor) ?? "");
  const asked = readCursor(
    (query.runs ?? "")
      .split(",")
      .filter((run) => run !== "")
      .map((run) => `${run}:0`)
      .join(","),
  );
  if (known === undefined || asked === undefined)
    throw new Refusal(400, "invalid-request", "That is no cursor, or no list of runs' ids");
  return new Map([...asked, ...known]);
}
