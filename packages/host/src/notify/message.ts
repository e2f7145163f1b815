import { createHash } from "node:crypto";
import type { NoticeKind } from "@claude-orchestrator/domain";

/** One notice on its way, the same for every target. */
export interface NotifyMessage {
  /** The same for the same notice of the same run, also after a crash: a receiver drops what it has had. */
  readonly id: string;
  readonly kind: NoticeKind | "test";
  readonly title: string;
  readonly text: string;
  /** ms since 1970. */
  readonly at: number;
  readonly run: { readonly id: string; readonly name: string; readonly directory: string };
  readonly instance?: string;
  /** Of the whole run so far; the dollars are undefined where some price is not known. */
  readonly spent: { readonly tokens: number; readonly costUsd: number | undefined };
}

export function messageId(runId: string, kind: string, subject: string): string {
  return `msg_${createHash("sha256").update(`${runId}\n${kind}\n${subject}`).digest("hex").slice(0, 32)}`;
}

/** The JSON that webhooks and commands get: `type`, `timestamp` and `data`, as Standard Webhooks recommends. */
export function messageJson(message: NotifyMessage): string {
  const { kind, title, text, at, run, instance, spent } = message;
  return JSON.stringify({
    type: `run.${kind}`,
    timestamp: new Date(at).toISOString(),
    data: {
      title,
      text,
      run_id: run.id,
      run_name: run.name,
      run_directory: run.directory,
      ...(instance === undefined ? {} : { instance }),
      tokens: spent.tokens,
      cost_usd: spent.costUsd ?? null,
    },
  });
}

/** For a desktop or a chat: `nightly: The run failed after 3m2s`, and why. */
export function messageLines({ run, title, text }: NotifyMessage): readonly [head: string, body: string] {
  return [run.name === "" ? title : `${run.name}: ${title}`, text];
}
