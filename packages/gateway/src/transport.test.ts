import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { startGateway } from "./gateway.ts";
import type { Gateway } from "./gateway.ts";
import type { UpstreamOptions } from "./proxy/upstream.ts";
import { certificate, privateKey } from "./testing/certificate.ts";
import { TestDesk } from "./testing/desk.ts";

async function listening<Kind extends Server>(server: Kind): Promise<Kind & { readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

async function before(
  url: string,
  more: Partial<UpstreamOptions> = {},
): Promise<{ gateway: Gateway; desk: TestDesk; token: string }> {
  const upstream = { vendor: "anthropic", url, key: "the-key", scheme: "own", env: {}, ...more } as const;
  const gateway = await startGateway({ upstreams: [upstream], allowUnpriced: true });
  const desk = new TestDesk();
  const pass = gateway.open("anthropic");
  pass?.answerTo(desk);
  return { gateway, desk, token: pass?.token ?? "" };
}

const whole = { type: "message", model: "claude-haiku-5-5", usage: { input_tokens: 5, output_tokens: 7 } };

function answerWhole(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip", "x-of-the-api": "kept" });
    response.end(gzipSync(JSON.stringify(whole)));
  });
}

const ask = (gateway: Gateway, token: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${gateway.url}/anthropic/v1/messages`, {
    method: "POST",
    body: JSON.stringify({ model: "claude-haiku-5-5", max_tokens: 10, messages: [] }),
    headers: { "x-api-key": token },
    ...init,
  });

describe("a body of 100 MB", () => {
  test("passes either way in flat memory, at the most a request can cost", async () => {
    const size = 100 * 1024 * 1024;
    let received = 0;
    await using api = await listening(
      createServer((request, response) => {
        request.on("data", (chunk: Buffer) => (received += chunk.byteLength));
        request.on("end", () => {
          response.writeHead(200, { "content-type": "application/octet-stream" });
          sendZeros(response, size);
        });
      }),
    );
    const { gateway, desk, token } = await before(`http://127.0.0.1:${api.port}`);
    const memory = watchMemory();
    const reply = await ask(gateway, token, { body: zeros(size), duplex: "half" });
    let sent = 0;
    for await (const chunk of reply.body ?? []) sent += (chunk as Uint8Array).byteLength;
    const grewBy = memory.stop();
    expect([received, sent]).toEqual([size, size]);
    // Both bodies kept would be 200 MB over what the client and the API in this process leave to be collected.
    expect(grewBy).toBeLessThan(1.8 * size);
    expect(desk.asked[0]?.worst.tokens).toBe(1_128_000);
    await desk.until(() => desk.settled.length === 1);
    await gateway.close();
  });
});

function zeros(size: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(1024 * 1024);
  let left = size;
  return new ReadableStream({
    pull: (controller) => {
      if (left <= 0) controller.close();
      else controller.enqueue(piece);
      left -= piece.byteLength;
    },
  });
}

function sendZeros(response: ServerResponse, size: number): void {
  const piece = Buffer.alloc(1024 * 1024);
  let left = size;
  const more = (): void => {
    while (left > 0) {
      left -= piece.byteLength;
      if (!response.write(piece)) {
        response.once("drain", more);
        return;
      }
    }
    response.end();
  };
  more();
}

function watchMemory(): { stop(): number } {
  const start = process.memoryUsage().rss;
  let most = start;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  return {
    stop: () => {
      clearInterval(timer);
      return most - start;
    },
  };
}

describe("the way to the API", () => {
  test("is not trusted without the company's own certificates, and is with them", async () => {
    await using api = await listening(createTlsServer({ key: privateKey, cert: certificate }, answerWhole));
    const url = `https://localhost:${api.port}`;
    const without = await before(url);
    const withCa = await before(url, { ca: certificate });
    const refused = await ask(without.gateway, without.token);
    expect([refused.status, await refused.text()]).toEqual([502, expect.stringContaining("CERT")]);
    expect(without.desk.settled[0]?.end.costUsd).toBe(0);
    const reply = await ask(withCa.gateway, withCa.token);
    expect([reply.headers.get("x-of-the-api"), await reply.json()]).toEqual(["kept", whole]);
    expect(withCa.desk.settled[0]?.end.usage).toMatchObject({ input: 5, output: 7 });
    await without.gateway.close();
    await withCa.gateway.close();
    api.closeAllConnections();
  });

  test("goes through the proxy that the environment names", async () => {
    const tunnelled: string[] = [];
    await using api = await listening(createTlsServer({ key: privateKey, cert: certificate }, answerWhole));
    const proxy = createServer().on("connect", (request, socket) => {
      tunnelled.push(request.url ?? "");
      const onward = connect(api.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
    await using listeningProxy = await listening(proxy);
    const { gateway, token } = await before("https://localhost:1", {
      ca: certificate,
      env: { HTTPS_PROXY: `http://127.0.0.1:${listeningProxy.port}` },
    });
    expect((await ask(gateway, token)).status).toBe(200);
    expect(tunnelled).toEqual(["localhost:1"]);
    await gateway.close();
    api.closeAllConnections();
    proxy.closeAllConnections();
  });

  test("is one kept connection for request after request", async () => {
    const ports = new Set<number | undefined>();
    await using api = await listening(
      createServer((request, response) => {
        ports.add(request.socket.remotePort);
        answerWhole(request, response);
      }),
    );
    const { gateway, token } = await before(`http://127.0.0.1:${api.port}/base/`);
    for (let at = 0; at < 5; at += 1) await (await ask(gateway, token)).text();
    expect(ports.size).toBe(1);
    await gateway.close();
    api.closeAllConnections();
  });

  test("keeps the order and the spelling of headers, and drops those of one connection only", async () => {
    let seen: readonly string[] = [];
    await using api = await listening(
      createServer((request, response) => {
        seen = request.rawHeaders;
        answerWhole(request, response);
      }),
    );
    const { gateway, token } = await before(`http://127.0.0.1:${api.port}`);
    const body = "{}";
    await sendRaw(gateway.port, [
      "POST /anthropic/v1/messages HTTP/1.1",
      "Host: x",
      "X-Odd-CASE: 1",
      `Authorization: Bearer ${token}`,
      "Connection: close, X-Mine",
      "X-Mine: 2",
      "anthropic-beta: a",
      "anthropic-beta: b",
      `Content-Length: ${body.length}`,
      "",
      body,
    ]);
    const host = `127.0.0.1:${api.port}`;
    expect(seen.slice(0, 12).join("|")).toBe(
      `Host|${host}|X-Odd-CASE|1|anthropic-beta|a|anthropic-beta|b|Content-Length|2|x-api-key|the-key`,
    );
    await gateway.close();
    api.closeAllConnections();
  });
});

function sendRaw(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(lines.join("\r\n")));
    socket.on("data", (bytes) => (text += bytes.toString("latin1"))).on("end", () => resolve(text));
    socket.on("error", reject);
  });
}
