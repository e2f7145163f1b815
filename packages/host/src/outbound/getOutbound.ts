import type { IncomingMessage } from "node:http";
import type { Proxy } from "./proxyOf.ts";
import { resolveTarget } from "./resolveTarget.ts";
import type { Resolver } from "./resolveTarget.ts";

/*
 * Keeps the rules of `postOutbound.ts`: judged addresses only, no redirect, one deadline for everything. But for a proxy that its
 * caller names: that one resolves the name and dials whom it likes, so what comes that way is to be believed for its signature only.
 */

export interface OutboundGet {
  readonly url: URL;
  /** True: addresses of this machine and of private networks may be dialled, and http be spoken. */
  readonly allowPrivate: boolean;
  /** For everything together, to the last byte: who sends slowly does not hold us longer. */
  readonly timeoutMs: number;
  /** A body that is longer is an error, as soon as that is known. */
  readonly maxBytes: number;
  readonly resolve?: Resolver;
  /** Asked instead of the host itself, of which no address is judged then. */
  readonly proxy?: Proxy | undefined;
  /** Ends it at once. */
  readonly signal?: AbortSignal;
}

export interface OutboundFile {
  readonly status: number;
  /** Read once, or not at all; throws where it is cut off, too long or too late. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks for a file. The status is the answer, a redirect too: none is followed.
 *
 * @throws RefusedTarget for an address that must not be dialled; Error for everything else that came to no status
 */
export async function getOutbound(get: OutboundGet): Promise<OutboundFile> {
  const deadline = AbortSignal.timeout(get.timeoutMs);
  const signal = get.signal === undefined ? deadline : AbortSignal.any([deadline, get.signal]);
  try {
    const way = get.proxy ?? (await beforeAborted(resolveTarget(get.url, get), signal));
    // Read when something is asked for, since it brings HTTP and TLS along, which most runs never need.
    const { sendGet } = await import("./sendGet.ts");
    const response = await sendGet(get.url, way, signal);
    return { status: response.statusCode ?? 0, body: boundedBody(response, get.maxBytes, signal) };
  } catch (error) {
    throw inTime(error, signal);
  }
}

async function* boundedBody(
  response: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    if (Number(response.headers["content-length"]) > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
      yield chunk;
    }
    if (!response.complete) throw new Error("it was cut off");
  } catch (error) {
    throw inTime(error, signal);
  } finally {
    response.destroy();
  }
}

/** What an aborted request says of itself tells nobody why. */
function inTime(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted) return error;
  const reason: unknown = signal.reason;
  const isLate = reason instanceof Error && reason.name === "TimeoutError";
  return new Error(isLate ? "it did not come whole in time" : "given up", { cause: error });
}

async function beforeAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const give = (): void => reject(new Error("aborted"));
  signal.addEventListener("abort", give, { once: true });
  if (signal.aborted) give();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", give);
  }
}
