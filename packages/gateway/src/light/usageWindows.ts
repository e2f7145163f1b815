import type { IncomingHttpHeaders } from "node:http";
import type { ObservedWindow } from "@claude-orchestrator/engine/ports";

const unified = "anthropic-ratelimit-unified-";

/** As Claude Code calls them in its own stream. */
const names: Readonly<Record<string, string>> = { "5h": "five_hour", "7d": "seven_day" };

/**
 * The usage windows of the account that an answer tells of, under the names and in the units in which Claude Code tells them: the
 * scheduler must not take one window for two.
 */
export function usageWindowsIn(headers: IncomingHttpHeaders): readonly ObservedWindow[] {
  const overall = statusOf(headers[`${unified}status`]);
  const claim = text(headers[`${unified}representative-claim`]);
  const windows = Object.keys(headers).flatMap((name): readonly ObservedWindow[] => {
    const short = /^anthropic-ratelimit-unified-(\d+[hd](?:_\w+)?)-utilization$/.exec(name)?.[1];
    if (short === undefined) return [];
    const window = nameOf(short);
    const status = statusOf(headers[`${unified}${short}-status`]) ?? (window === claim ? overall : undefined);
    return [{ window, status: status ?? "allowed", ...figures(headers, short) }];
  });
  if (claim === undefined || overall === undefined || windows.some(({ window }) => window === claim)) return windows;
  return [...windows, { window: claim, status: overall, ...figures(headers, undefined) }];
}

function nameOf(short: string): string {
  const [length = "", model] = short.split(/_(.*)/s);
  const long = names[length] ?? length;
  return model === undefined ? long : `${long}_${model}`;
}

function figures(headers: IncomingHttpHeaders, short: string | undefined) {
  const prefix = short === undefined ? unified : `${unified}${short}-`;
  const reset = Number(text(headers[`${prefix}reset`]));
  const used = Number(text(headers[`${prefix}utilization`]) ?? Number.NaN);
  return {
    ...(reset > 0 ? { resetsAt: reset * 1000 } : {}),
    ...(Number.isFinite(used) ? { utilization: Math.min(1, Math.max(0, used)) } : {}),
  };
}

function statusOf(value: string | readonly string[] | undefined): ObservedWindow["status"] | undefined {
  const status = text(value);
  if (status === "allowed" || status === "rejected") return status;
  return status === "allowed_warning" ? "warning" : undefined;
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Accounts and windows remembered at most. */
const kept = 1000;

/** What has been told already. Every answer tells of the windows: only what is new is passed on. */
export class ToldWindows {
  readonly #told = new Map<string, string>();

  /** Of these those that are new for the account; a share that is used counts in whole percent. */
  news(account: string, windows: readonly ObservedWindow[]): readonly ObservedWindow[] {
    return windows.filter(({ window, status, resetsAt, utilization = 0 }) => {
      const key = `${account}\n${window}`;
      const now = `${status} ${resetsAt} ${Math.round(utilization * 100)}`;
      if (this.#told.get(key) === now || (!this.#told.has(key) && this.#told.size >= kept)) return false;
      this.#told.set(key, now);
      return true;
    });
  }
}
