import { spawn } from "node:child_process";
import { Agent, createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { median } from "./sample.ts";
import { markdownTable } from "./table.ts";

const streams = 200;
const eventsEach = 250;
const eventEveryMs = 20;
const singles = 400;
const refusals = 4000;

const body = JSON.stringify({
  model: "claude-haiku-5-5",
  max_tokens: 1000,
  stream: true,
  messages: [{ role: "user", content: "x".repeat(48_000) }],
});

interface Sample {
  readonly firstByteMs: number;
  readonly lagMs: number;
  readonly lagP99Ms: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** The gateway beside the least Node proxy, each in a process of its own, and beside no proxy at all. */
export async function measureGateway(rounds: number): Promise<string> {
  const api = await startApi();
  const samples: Record<"bare" | "gateway", Sample[]> = { bare: [], gateway: [] };
  const direct: number[] = [];
  const refused: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    direct.push(await firstByte({ base: api.url, token: "" }));
    for (const kind of ["bare", "gateway"] as const) samples[kind].push(await measureProxy(kind, api.url));
    refused.push(await measureRefusals(api.url));
  }
  api.close();
  const rows = (["bare", "gateway"] as const).map((kind) => {
    const middle = (pick: (sample: Sample) => number): string => (median(samples[kind].map(pick)) ?? 0).toFixed(2);
    const picks = [(s: Sample) => s.firstByteMs, (s: Sample) => s.lagMs, (s: Sample) => s.lagP99Ms];
    return [
      kind === "bare" ? "bare Node proxy" : "the gateway",
      ...[...picks, (s: Sample) => s.cpuSeconds, (s: Sample) => s.peakMb].map(middle),
    ];
  });
  const head = ["", "first byte ms", "event lag ms", "event lag p99 ms", "CPU s", "peak MB"];
  const alone = ["no proxy", (median(direct) ?? 0).toFixed(2), "", "", "", ""];
  const title = `### the gateway: ${streams} streams at ${1000 / eventEveryMs} events a second for ${(eventsEach * eventEveryMs) / 1000} s`;
  return `${title}\n\nMedians of ${rounds}; first byte: of ${singles} requests of 48 kB, one after the other.\n\n${markdownTable(head, [alone, ...rows])}\n\nRefusals of 48 kB requests, 20 at once: ${Math.round(median(refused) ?? 0)} a second.\n`;
}

interface Place {
  readonly base: string;
  readonly token: string;
}

async function measureProxy(kind: "bare" | "gateway", url: string): Promise<Sample> {
  const proxy = await startProxy(kind, url);
  const firstByteMs = await firstByte(proxy.place);
  const lags = (await Promise.all(Array.from({ length: streams }, () => readStream(proxy.place)))).flat();
  const { cpuSeconds, peakMb } = await proxy.end();
  const sorted = lags.toSorted((a, b) => a - b);
  return {
    firstByteMs,
    lagMs: median(lags) ?? 0,
    lagP99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuSeconds,
    peakMb,
  };
}

async function measureRefusals(url: string): Promise<number> {
  const proxy = await startProxy("refusing", url);
  const agent = new Agent({ keepAlive: true });
  const started = performance.now();
  const one = async (): Promise<void> => {
    for (let at = 0; at < refusals / 20; at += 1) (await ask(proxy.place, agent, "short")).resume();
  };
  await Promise.all(Array.from({ length: 20 }, one));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  await proxy.end();
  return refusals / seconds;
}

async function firstByte(place: Place): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const taken: number[] = [];
  for (let at = 0; at < singles; at += 1) {
    const started = performance.now();
    const received = await ask(place, agent, "short");
    taken.push(performance.now() - started);
    for await (const _ of received);
  }
  agent.destroy();
  return median(taken) ?? 0;
}

/** How late each event of a stream came, in ms. */
async function readStream(place: Place): Promise<readonly number[]> {
  const agent = new Agent();
  const lags: number[] = [];
  for await (const line of createInterface({ input: await ask(place, agent, "long") })) {
    const sent = /"text":"([\d.]+)"/.exec(line)?.[1];
    if (sent !== undefined) lags.push(performance.now() - Number(sent));
  }
  return lags;
}

function ask({ base, token }: Place, agent: Agent, length: "short" | "long"): Promise<IncomingMessage> {
  const headers = {
    "x-api-key": token,
    "content-type": "application/json",
    "content-length": body.length,
    "x-length": length,
  };
  return new Promise((resolve, reject) => {
    request(`${base}/v1/messages`, { method: "POST", agent, headers }, resolve).on("error", reject).end(body);
  });
}

async function startProxy(kind: string, url: string) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "gatewaySubject.ts"), kind, url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Said>(): Promise<Said> => JSON.parse((await lines.next()).value ?? "{}") as Said;
  const place = await next<Place>();
  return {
    place,
    end: () => {
      child.stdin.end();
      return next<{ readonly cpuSeconds: number; readonly peakMb: number }>();
    },
  };
}

async function startApi(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on("end", () => void answer(outgoing, incoming.headers["x-length"] === "long" ? eventsEach : 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close() };
}

async function answer(outgoing: ServerResponse, events: number): Promise<void> {
  outgoing.writeHead(200, { "content-type": "text/event-stream" });
  outgoing.write(
    event({ type: "message_start", message: { model: "m", usage: { input_tokens: 9, output_tokens: 1 } } }),
  );
  for (let at = 0; at < events; at += 1) {
    const delta = { type: "text_delta", text: `${performance.now()}`, padding: "x".repeat(60) };
    outgoing.write(event({ type: "content_block_delta", index: 0, delta }));
    if (events > 1) await wait(eventEveryMs);
  }
  outgoing.end(event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: events } }));
}

function event(data: { readonly type: string; readonly [more: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
