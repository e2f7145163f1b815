import { Agent, get } from "node:http";
import type { Batch, Envelope } from "@claude-orchestrator/protocol";

/** A browser's end of a live stream: what came, in order. */
export interface LiveReader {
  readonly envelopes: readonly Envelope[];
  /** The last batch's. */
  readonly cursor: string;
  /** Settles when what came answers the question, or the stream has ended (with undefined). */
  until<Answer>(question: (envelopes: readonly Envelope[]) => Answer | undefined): Promise<Answer | undefined>;
  close(): void;
}

export interface LiveWish {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function openLive({ port, path, headers }: LiveWish): Promise<LiveReader> {
  return new Promise((resolve, reject) => {
    // A browser keeps its connections.
    const agent = new Agent({ keepAlive: true });
    const request = get({ host: "127.0.0.1", port, path, headers, agent }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`the stream answers ${response.statusCode}`));
        return;
      }
      const envelopes: Envelope[] = [];
      const lookers = new Set<() => void>();
      const state = { cursor: "", isOver: false, held: "" };
      const wake = (): void => lookers.forEach((look) => look());
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        const messages = `${state.held}${text}`.split("\n\n");
        state.held = messages.pop() ?? "";
        for (const message of messages) {
          const [, cursor = "", data = "{}"] = /^id: (.*)\ndata: (.*)$/.exec(message) ?? [];
          state.cursor = cursor;
          envelopes.push(...(JSON.parse(data) as Batch).envelopes);
        }
        wake();
      });
      response.on("close", () => {
        state.isOver = true;
        wake();
      });
      response.on("error", () => undefined);
      resolve({
        envelopes,
        get cursor() {
          return state.cursor;
        },
        until: (question) =>
          new Promise((answer) => {
            const look = (): void => {
              const found = question(envelopes);
              if (found === undefined && !state.isOver) return;
              lookers.delete(look);
              answer(found);
            };
            lookers.add(look);
            look();
          }),
        close: () => request.destroy(),
      });
    });
    request.on("error", reject);
  });
}
