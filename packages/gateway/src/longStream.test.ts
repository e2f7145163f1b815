import { channel } from "node:diagnostics_channel";
import { Agent, createServer, request } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { startGateway } from "./gateway.ts";
import { TestDesk } from "./testing/desk.ts";

/** Two hours at fifty events a second. */
const events = 2 * 3600 * 50;
const samples = 10;

interface Rig extends AsyncDisposable {
  readonly desk: TestDesk;
  /** Asks as an agent does, and gives the answer once its head is there. */
  ask(): Promise<IncomingMessage>;
}

async function createRig(answer: (response: ServerResponse) => void): Promise<Rig> {
  const api = createServer((incoming, response) => void incoming.resume().on("end", () => answer(response)));
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const upstreams = [{ vendor: "anthropic", url, key: "the-key", scheme: "own", env: {} }] as const;
  const gateway = await startGateway({ upstreams, allowUnpriced: false });
  const desk = new TestDesk();
  const pass = gateway.open("anthropic");
  pass?.answerTo(desk);
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify({ model: "claude-haiku-5-5", max_tokens: 1000, stream: true, messages: [] });
  const headers = { "x-api-key": pass?.token ?? "", "content-length": body.length };
  return {
    desk,
    ask: () =>
      new Promise((resolve, reject) => {
        const options = { method: "POST", agent, headers };
        request(`${gateway.url}/anthropic/v1/messages`, options, resolve).on("error", reject).end(body);
      }),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await gateway.close();
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
    },
  };
}

const frame = (type: string, more: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const first = frame("message_start", {
  message: { model: "claude-haiku-5-5", usage: { input_tokens: 9, output_tokens: 1 } },
});
const piece = frame("content_block_delta", {
  index: 0,
  delta: { type: "text_delta", text: "a few words of an answer" },
});
const last = frame("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: events } });

/** As many events, no faster than they are read. */
function sendEvents(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(first);
  let left = events;
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      if (response.write(piece)) continue;
      response.once("drain", more);
      return;
    }
    response.end(last);
  };
  more();
}

test("a stream of two hours' events passes whole, is counted, and leaves nothing behind in memory as it goes", async () => {
  await using rig = await createRig(sendEvents);
  const answer = await rig.ask();
  const expected = first.length + events * piece.length + last.length;
  const live: number[] = [];
  let received = 0;
  for await (const chunk of answer) {
    received += (chunk as Buffer).byteLength;
    if (received > ((live.length + 1) * expected) / samples) live.push(liveMegabytes());
  }
  await rig.desk.until(() => rig.desk.settled.length === 1);
  expect([received, live.length]).toEqual([expected, samples - 1]);
  expect(rig.desk.settled[0]?.end).toMatchObject({
    outcome: "answered",
    counted: "reported",
    usage: { output: events },
  });
  // 53 MB have passed; what had been kept of them would be alive after a full collection.
  expect(Math.max(...live) - Math.min(...live)).toBeLessThan(5);
});

/** What is alive on the heap after a full collection. */
function liveMegabytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 1024 ** 2;
}

test("no clock of ours or of Node's ends a stream that is silent, on either side of the gateway", async () => {
  const servers: { readonly server: Server; readonly socket: Socket }[] = [];
  const clients: Socket[] = [];
  const onRequest = (message: unknown): void => void servers.push(message as (typeof servers)[number]);
  const onSocket = (message: unknown): void => void clients.push((message as { readonly socket: Socket }).socket);
  channel("http.server.request.start").subscribe(onRequest);
  channel("net.client.socket").subscribe(onSocket);
  const held = Promise.withResolvers<ServerResponse>();
  await using rig = await createRig((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(first);
    held.resolve(response);
  });
  const answer = await rig.ask();
  channel("http.server.request.start").unsubscribe(onRequest);
  channel("net.client.socket").unsubscribe(onSocket);
  const [ours] = servers;
  // Limits on a request and on its head end with them; none of these speaks of an answer that has begun.
  expect([ours?.server.timeout, ours?.server.requestTimeout, ours?.socket.timeout ?? 0]).toEqual([0, 0, 0]);
  expect(clients.map((socket) => socket.timeout ?? 0)).toEqual([0, 0]);
  (await held.promise).end(last);
  answer.resume();
  await rig.desk.until(() => rig.desk.settled.length === 1);
  expect(rig.desk.settled[0]?.end.outcome).toBe("answered");
});

test("a kept connection that the API drops when it is used again is opened anew, and the request is settled once", async () => {
  const used = new Set<Socket | null>();
  await using rig = await createRig((response) => {
    const { socket } = response;
    if (used.has(socket)) socket?.resetAndDestroy();
    else response.writeHead(200, { "content-type": "text/event-stream" }).end(first + last);
    used.add(socket);
  });
  for (let at = 0; at < 3; at += 1) for await (const _ of await rig.ask());
  await rig.desk.until(() => rig.desk.settled.length === 3);
  expect(rig.desk.settled.map(({ request: number, end }) => [number, end.outcome])).toEqual([
    [1, "answered"],
    [2, "answered"],
    [3, "answered"],
  ]);
  expect(used.size).toBe(3);
});
