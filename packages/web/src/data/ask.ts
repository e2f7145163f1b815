import type { Problem } from "@claude-orchestrator/protocol";

/** The server said no, in its own words: what happened, and what to do next. */
export class RequestProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super([problem.detail ?? problem.title, problem.hint].filter((part) => part !== undefined).join(": "));
    this.name = "RequestProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.problem = problem;
  }
}

/** The server could not be asked at all. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server does not answer", { cause });
    this.name = "Unreachable";
  }
}

export interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Asks a route by its path below `api/`.
 *
 * @throws RequestProblem, Unreachable
 */
export async function ask<Answer>(path: string, question: Question = {}): Promise<Answer> {
  const { method = "GET", body, signal } = question;
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const options = { method, credentials: "same-origin", ...sent, ...(signal === undefined ? {} : { signal }) } as const;
  const response = await fetch(addressOf(path, question.query), options).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(error);
  });
  if (!response.ok) throw new RequestProblem(await problemOf(response));
  return (await response.json()) as Answer;
}

/** Where a route is, whatever path this page is served under. */
export function addressOf(path: string, query: Question["query"] = {}): string {
  const url = new URL(`api/${path}`, document.baseURI);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** A proxy in between may answer with something else: then its status is all there is. */
async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const plain = { type: "about:blank", title: `${status} ${statusText}`.trim(), status, code: "unknown" };
  if (response.headers.get("content-type")?.startsWith("application/problem+json") !== true) return plain;
  try {
    return { ...plain, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return plain;
  }
}
