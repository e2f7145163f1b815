import { get } from "node:http";
import { createInterface } from "node:readline";

/** One who follows runs over the live stream, and counts what does not come as it should. */
export interface StreamViewer {
  /** Hears each batch, as text. */
  readonly kind: "sse" | "websocket" | "slow";
  /** Of each run, the number of the last event that came. */
  readonly through: ReadonlyMap<string, number>;
  /** Events that were left out or came twice. */
  gaps(): number;
  /** How often it was told to come again. */
  resyncs(): number;
  close(): void;
}

export interface StreamPlace {
  readonly url: string;
  readonly token: string;
  readonly runs: readonly string[];
}

type Heard = (text: string) => void;

/** Follows by server-sent events; a slow one stops reading for a while, again and again, and comes again where it is cut off. */
export function watchEvents(place: StreamPlace, isSlow: boolean, onBatch: Heard = () => undefined): StreamViewer {
  const count = new Count(onBatch);
  let isClosed = false;
  let close = (): void => undefined;
  const connect = (): void => {
    if (isClosed) return;
    const request = get(addressOf(place, count.cursor), { headers: bearer(place), agent: false }, (response) => {
      if (isSlow) pauseNowAndThen(response);
      const lines = createInterface({ input: response });
      lines.on("line", (line) => {
        if (line.startsWith("data: ")) count.hear(line.slice(6));
      });
      // It was cut off, by the server or by us: what follows is in `close`.
      lines.on("error", () => undefined);
    });
    request.on("error", () => undefined);
    // Also where it never came to an answer.
    request.once("close", () => setTimeout(connect, 100));
    close = () => void request.destroy();
  };
  connect();
  const end = (): void => {
    isClosed = true;
    close();
  };
  return count.viewer(isSlow ? "slow" : "sse", end);
}

/** Follows over a WebSocket. */
export function watchSocket(place: StreamPlace, onBatch: Heard = () => undefined): StreamViewer {
  const count = new Count(onBatch);
  let isClosed = false;
  let socket: WebSocket | undefined;
  const connect = (): void => {
    if (isClosed) return;
    // Node's own takes headers as well, which no browser's does.
    const options = { headers: bearer(place) } as unknown as string[];
    socket = new WebSocket(addressOf(place, count.cursor).replace(/^http/, "ws"), options);
    socket.addEventListener("message", ({ data }) => count.hear(String(data)));
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", () => setTimeout(connect, 100));
  };
  connect();
  const end = (): void => {
    isClosed = true;
    socket?.close();
  };
  return count.viewer("websocket", end);
}

const pauseMs = 3_000;
const readMs = 1_000;

function pauseNowAndThen(stream: NodeJS.ReadableStream): void {
  let pauses = true;
  const turn = (): void => {
    if (pauses) stream.pause();
    else stream.resume();
    pauses = !pauses;
    timer = setTimeout(turn, pauses ? readMs : pauseMs);
  };
  let timer = setTimeout(turn, readMs);
  stream.once("close", () => clearTimeout(timer));
}

function addressOf({ url, runs }: StreamPlace, cursor: string): string {
  const query = new URLSearchParams({ list: "false", runs: runs.join(","), ...(cursor === "" ? {} : { cursor }) });
  return `${url}api/live?${query.toString()}`;
}

function bearer({ token }: StreamPlace): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

/** Looks at the numbers only: a hundred of these share a thread with what they measure. */
class Count {
  readonly #onBatch: Heard;
  readonly #through = new Map<string, number>();
  #gaps = 0;
  #resyncs = 0;
  cursor = "";

  constructor(onBatch: Heard) {
    this.#onBatch = onBatch;
  }

  hear(text: string): void {
    this.cursor = /^\{"cursor":"([^"]*)"/.exec(text)?.[1] ?? this.cursor;
    for (const [, run = "", from, to] of text.matchAll(/"kind":"events","run":"(\w+)","from":(\d+),"through":(\d+)/g)) {
      if (Number(from) !== (this.#through.get(run) ?? 0) + 1) this.#gaps += 1;
      this.#through.set(run, Number(to));
    }
    if (text.includes('"kind":"resync"')) this.#resyncs += 1;
    this.#onBatch(text);
  }

  viewer(kind: StreamViewer["kind"], close: () => void): StreamViewer {
    return { kind, through: this.#through, gaps: () => this.#gaps, resyncs: () => this.#resyncs, close };
  }
}
