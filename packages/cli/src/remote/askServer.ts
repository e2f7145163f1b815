import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { UserError } from "@claude-orchestrator/domain";
import type { Answer, Problem, Route } from "@claude-orchestrator/protocol";
import { refuseServer } from "../policy/refuseOutbound.ts";
import { problemsText } from "./problemsText.ts";
import type { ServerAddress } from "./serverAddress.ts";

export interface Wish {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
}

/**
 * Asks a server one thing. Nothing else is followed: an answer that leads elsewhere is a refusal.
 *
 * @throws UserError server-unreachable; server-refused with the server's own words
 */
export async function askServer<Of extends Route>(
  address: ServerAddress,
  route: Of,
  wish: Wish = {},
): Promise<Answer<Of>> {
  const response = await openAnswer(address, route, wish);
  const text = await textOf(response);
  try {
    return JSON.parse(text) as Answer<Of>;
  } catch (error) {
    throw noSuchServer(address, "what it answers is no JSON", error);
  }
}

/** The same, as it comes. The caller reads it to its end. */
export async function openAnswer(
  { url, token }: ServerAddress,
  route: Route,
  wish: Wish = {},
): Promise<IncomingMessage> {
  await refuseServer(url);
  const target = new URL(pathOf(route, wish).slice(1), url);
  const content = route.method === "GET" || route.method === "DELETE" ? undefined : JSON.stringify(wish.body ?? {});
  const type =
    content === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(content) };
  const ask = target.protocol === "https:" ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...type };
    const request = ask(target, { method: route.method, headers }, resolve);
    request.on("error", (error) => reject(noSuchServer({ url, token }, error.message, error)));
    request.end(content);
  });
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) return response;
  throw refusalOf(statusCode, await textOf(response));
}

function pathOf({ path }: Route, { params = {}, query = {} }: Wish): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ""));
  const words = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return words.length === 0 ? filled : `${filled}?${new URLSearchParams(Object.fromEntries(words)).toString()}`;
}

function refusalOf(status: number, text: string): UserError {
  const problem = problemIn(text);
  const detail = problem?.detail ?? `The server answers ${status}`;
  const problems = problem?.problems ?? [];
  const message = problems.length === 0 ? detail : `${detail}\n\n${problemsText(problems)}`;
  return new UserError("server-refused", message, problem?.hint === undefined ? {} : { hint: problem.hint });
}

function problemIn(text: string): Partial<Problem> | undefined {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    // No words of ours: its status has to do.
    return undefined;
  }
}

function noSuchServer({ url }: ServerAddress, why: string, cause: unknown): UserError {
  return new UserError("server-unreachable", `The server at ${url.href} cannot be asked: ${why}`, {
    hint: "see that it runs, and that this is the address it printed",
    cause,
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
