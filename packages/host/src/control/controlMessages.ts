import type { BudgetLimit, Wisher } from "@claude-orchestrator/domain";
import { readLimit } from "./readLimit.ts";

/** What may be asked of the program that supervises a run. */
export type ControlRequest =
  | { readonly kind: "status" }
  /** Without an instance: the whole run. */
  | { readonly kind: "stop"; readonly instance?: string; readonly force: boolean }
  | { readonly kind: "pause" }
  | { readonly kind: "unpause" }
  | { readonly kind: "budget"; readonly limit: BudgetLimit }
  /** "failed": all that did not succeed. */
  | { readonly kind: "retry"; readonly instances: readonly string[] | "failed" };

/** What became of it, in a sentence for the person who asked. */
export interface ControlReply {
  readonly ok: boolean;
  readonly message: string;
}

/** Grows when an older program would misunderstand a request. */
const protocolVersion = 1;

/** A line of a request, and one of a reply, is at most this long. */
export const largestMessageBytes = 256 * 1024;

/** A request as it is sent. */
export interface ControlMessage {
  /** Proves that whoever asks may read the run's folder. */
  readonly token: string;
  /** ms since 1970: whoever asks waits no longer, and was told so, so it must not be done later either. */
  readonly until: number;
  readonly request: ControlRequest;
  /** Whose wish it is, where whoever asks knows it. */
  readonly by?: Wisher | undefined;
}

/** What is answered to anything that is not understood, also by an older program to a field it does not know. */
export const notUnderstood = "this is no request";

/** One line, without its end. */
export function encodeRequest({ token, until, request, by }: ControlMessage): string {
  return JSON.stringify({ version: protocolVersion, token, until, request, by });
}

/**
 * Reads a line strictly: a field too many or of another kind refuses the whole of it. Token and time are compared by the caller.
 *
 * @returns a sentence where it is no request
 */
export function readRequest(line: string): ControlMessage | string {
  const message = parseObject(line);
  if (message === undefined) return notUnderstood;
  const { version, token, until, request, by } = message;
  if (version !== protocolVersion) return `this program speaks version ${protocolVersion} of the control protocol`;
  if (!hasOnly(message, ["version", "token", "until", "request", "by"])) return notUnderstood;
  const read = isRecord(request) ? readKind(request) : undefined;
  if (typeof token !== "string" || typeof until !== "number" || read === undefined) return notUnderstood;
  if (by === undefined) return { token, until, request: read };
  const wisher = isRecord(by) ? readWisher(by) : undefined;
  return wisher === undefined ? notUnderstood : { token, until, request: read, by: wisher };
}

/** Undefined for anything but a reply. */
export function readReply(line: string): ControlReply | undefined {
  const message = parseObject(line);
  if (message === undefined || typeof message["ok"] !== "boolean" || typeof message["message"] !== "string") {
    return undefined;
  }
  return { ok: message["ok"], message: message["message"] };
}

function readKind(request: Readonly<Record<string, unknown>>): ControlRequest | undefined {
  const { kind } = request;
  if (kind === "status" || kind === "pause" || kind === "unpause") {
    return hasOnly(request, ["kind"]) ? { kind } : undefined;
  }
  if (kind === "stop") return readStop(request);
  if (kind === "budget") return readBudget(request);
  if (kind !== "retry" || !hasOnly(request, ["kind", "instances"])) return undefined;
  const { instances } = request;
  if (instances === "failed") return { kind, instances };
  return isListOfNames(instances) ? { kind, instances } : undefined;
}

function readStop(request: Readonly<Record<string, unknown>>): ControlRequest | undefined {
  const { force, instance } = request;
  if (!hasOnly(request, ["kind", "force", "instance"]) || typeof force !== "boolean") return undefined;
  if (instance === undefined) return { kind: "stop", force };
  return typeof instance === "string" ? { kind: "stop", force, instance } : undefined;
}

function readBudget(request: Readonly<Record<string, unknown>>): ControlRequest | undefined {
  const { limit } = request;
  const read = hasOnly(request, ["kind", "limit"]) && isRecord(limit) ? readLimit(limit) : undefined;
  return read === undefined ? undefined : { kind: "budget", limit: read };
}

function readWisher(by: Readonly<Record<string, unknown>>): Wisher | undefined {
  const { kind, name } = by;
  if (!hasOnly(by, ["kind", "name"]) || typeof name !== "string") return undefined;
  return kind === "session" || kind === "token" ? { kind, name } : undefined;
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

function hasOnly(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    // Whoever sends garbage is told that it is none of ours.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
