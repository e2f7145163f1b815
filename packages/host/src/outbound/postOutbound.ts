import type { IncomingMessage } from "node:http";
import { resolveTarget } from "./resolveTarget.ts";
import type { Resolver } from "./resolveTarget.ts";

/*
 * The one way out of this program over HTTP.
 *
 * 1. What is dialled is an address that `resolveTarget` has judged, and no other: nothing is resolved after the verdict.
 * 2. No redirect is followed, and no proxy of the environment is used: either would dial something nobody has judged.
 * 3. One deadline covers resolving, connecting, sending and reading; of the answer's body at most `maxAnswerBytes` are read.
 */

export interface OutboundPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** True: addresses of this machine and of private networks may be dialled, and http be spoken. */
  readonly allowPrivate: boolean;
  /** For everything together. */
  readonly timeoutMs: number;
  readonly resolve?: Resolver;
  /** Ends it at once. */
  readonly signal?: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  /** The beginning of the body, at most 200 characters, in one line. */
  readonly excerpt: string;
  /** Of the header `retry-after` in seconds, where it is such a number. */
  readonly retryAfterMs: number | undefined;
}

export const maxAnswerBytes = 1024 * 1024;

/**
 * Posts once. The status is the answer: a body that is too long, or does not end in time, takes nothing from it.
 *
 * @throws RefusedTarget for an address that must not be dialled; Error for everything else that came to no status
 */
export async function postOutbound(post: OutboundPost): Promise<OutboundAnswer> {
  const deadline = AbortSignal.timeout(post.timeoutMs);
  const signal = post.signal === undefined ? deadline : AbortSignal.any([deadline, post.signal]);
  const addresses = await orAborted(resolveTarget(post.url, post), signal);
  // Read when something is sent, since it brings HTTP and TLS along, which most runs never need.
  const { sendPost } = await import("./sendPost.ts");
  const response = await orAborted(sendPost(post, addresses, signal), signal);
  const text = await readBounded(response, signal);
  const retryAfter = Number(response.headers["retry-after"]);
  return {
    status: response.statusCode ?? 0,
    excerpt: text.replaceAll(/\s+/g, " ").trim().slice(0, 200),
    retryAfterMs: Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter * 1000 : undefined,
  };
}

/** To its end, to the bound, or to the deadline: whatever comes first. Never rejects. */
function readBounded(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let length = 0;
    let text = "";
    const done = (): void => {
      response.destroy();
      resolve(text);
    };
    response.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (text.length < 1000) text += chunk.toString("utf8", 0, 1000);
      if (length > maxAnswerBytes) done();
    });
    response.once("end", done).once("error", done).once("close", done);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}

async function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void => reject(tooLate(signal));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
  return Promise.race([promise, aborted]);
}

function tooLate(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return new Error(reason instanceof Error && reason.name === "TimeoutError" ? "no answer in time" : "given up", {
    cause: reason,
  });
}
