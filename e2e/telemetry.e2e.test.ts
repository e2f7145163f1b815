import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig } from "./rig.ts";

interface Collector extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly received: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
}

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

async function startCollector(answer: (response: ServerResponse, count: number) => void): Promise<Collector> {
  const received: Collector["received"] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = gunzipSync(Buffer.concat(parts)).toString();
      received.push({ path: request.url ?? "", headers: request.headers, body });
      answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function spansIn(received: Collector["received"]): readonly Sent[] {
  interface Body {
    readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[] }[];
  }
  return received.flatMap(({ body }) =>
    (JSON.parse(body) as Body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

const taken = (response: ServerResponse): void => void response.end("{}");
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** A script that ends when a test says so. */
const untilGo = "while [ ! -e go ]; do sleep 0.05; done";

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => void setTimeout(resolve, 20));
}

/** A port that nothing listens at, as far as anybody can know. */
async function freePort(): Promise<number> {
  const collector = await startCollector(taken);
  await collector[Symbol.asyncDispose]();
  return collector.port;
}

describe("telemetry of the built program", () => {
  test("a run through the gateway is one trace of the caller's, past a collector that is busy at first", async () => {
    await using collector = await startCollector((response, count) => {
      if (count === 1) response.writeHead(503, { "retry-after": "0" }).end();
      else taken(response);
    });
    await using rig = await createRig({
      config: {
        gateway: "on",
        defaults: { model: "haiku" },
        telemetry: { otlp: { endpoint: collector.url, headers_env: "COLLECTOR_HEADERS" } },
        instances: [
          { name: "asks", prompt: "[[mock:text]] The word nobody may read" },
          { name: "looks", agent: "command", needs: "asks", run: `echo $TRACEPARENT > seen; ${untilGo}` },
        ],
      },
      env: { TRACEPARENT: traceparent, COLLECTOR_HEADERS: "x-key=4711" },
    });
    const program = rig.start();
    await until(() => collector.received.length > 1);
    writeFileSync(rig.path("go"), "");
    const run = await rig.finish(program);
    expect([run.exitCode, run.stderr.includes("did not reach")]).toEqual([0, false]);
    const [asked] = collector.received;
    expect(asked?.path).toBe("/v1/traces");
    expect(asked?.headers).toMatchObject({ "content-type": "application/json", "x-key": "4711" });
    const all = spansIn(collector.received.slice(1));
    const spans = [...new Map(all.map((span) => [span.spanId, span])).values()];
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(["0af7651916cd43dd8448eb211c80319c"]));
    const nameOf = (id?: string): string => spans.find(({ spanId }) => spanId === id)?.name ?? String(id);
    const tree = new Set(
      spans.map(({ name, parentSpanId }) => `${nameOf(parentSpanId)} > ${name.replace(/ claude-.*/, "")}`),
    );
    expect(tree).toEqual(
      new Set([
        "invoke_agent claude > chat",
        "asks > invoke_agent claude",
        "run fleet > asks",
        "looks > command",
        "run fleet > looks",
        "b7ad6b7169203331 > run fleet",
      ]),
    );
    const looks = spans.find(({ name }) => name === "command");
    expect(rig.read("seen")).toBe(`00-${looks?.traceId ?? ""}-${looks?.spanId ?? ""}-01\n`);
    expect(collector.received.filter(({ body }) => /nobody may read|4711/.test(body))).toEqual([]);
    expect(run.stdout + run.stderr).not.toContain("4711");
  });

  test("a run whose supervisor is killed goes on in its trace, and no span comes twice", async () => {
    await using collector = await startCollector(taken);
    await using rig = await createRig({
      config: {
        telemetry: { otlp: { endpoint: collector.url } },
        instances: [
          { name: "first", agent: "command", run: ["true"] },
          { name: "waits", agent: "command", needs: "first", run: untilGo },
        ],
      },
      env: { TRACEPARENT: traceparent },
    });
    const first = rig.start();
    await first.event((event) => event.type === "attempt-started" && event.instance === "waits");
    const record = join(rig.runs()[0] ?? "", "telemetry.json");
    await until(() => existsSync(record) && !readFileSync(record, "utf8").includes('"sent":0'));
    first.signal("SIGKILL");
    await first.ended;
    writeFileSync(rig.path("go"), "");
    expect((await rig.command(["resume", "latest"], { env: { TRACEPARENT: "" } })).exitCode).toBe(0);
    const spans = spansIn(collector.received);
    const [names, ids] = [spans.map(({ name }) => name), spans.map(({ spanId }) => spanId)];
    expect(names.filter((name) => name !== "command")).toEqual(["first", "waits", "run fleet"]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.at(-1)?.parentSpanId).toBe("b7ad6b7169203331");
  });

  test("a collector that is not there costs one line; without being asked nothing is sent", async () => {
    await using collector = await startCollector(taken);
    await using rig = await createRig({ config: { instances: [{ name: "good", agent: "command", run: ["true"] }] } });
    const dead = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" };
    const run = await rig.run({ args: ["--telemetry", "on"], env: dead });
    const lines = run.stderr.split("\n").filter((line) => line.includes("spans did not reach"));
    expect([run.exitCode, lines]).toEqual([0, [expect.stringContaining("ECONNREFUSED")]]);
    const quiet = await rig.run({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    expect([quiet.exitCode, collector.received.length]).toEqual([0, 0]);
  });

  test("metrics are served while the run goes on, and a port that is taken is said before anything begins", async () => {
    await using other = await startCollector(taken);
    const port = await freePort();
    await using rig = await createRig({
      config: {
        telemetry: { prometheus: { port } },
        instances: [{ name: "waits", agent: "command", run: untilGo }],
      },
    });
    const refused = await rig.command(["run", "fleet.json", "--metrics-port", String(other.port)]);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining("is taken by another program")]);
    expect(rig.runs()).toEqual([]);
    const program = rig.start();
    await program.event(({ type }) => type === "attempt-started");
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('claude_orchestrator_instances{state="running"} 1\n');
    writeFileSync(rig.path("go"), "");
    expect((await rig.finish(program)).exitCode).toBe(0);
  });
});
