import { request } from "node:http";
import type { OutgoingHttpHeaders } from "node:http";
import { UserError } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { startMetricsServer } from "./metricsServer.ts";
import type { MetricsServer } from "./metricsServer.ts";
import type { MetricFamily } from "./metricFamily.ts";

const up: readonly MetricFamily[] = [{ name: "up", type: "gauge", help: "Up", samples: [{ labels: {}, value: 1 }] }];

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

function ask(
  { port }: MetricsServer,
  {
    method = "GET",
    path = "/metrics",
    headers = {},
  }: { method?: string; path?: string; headers?: OutgoingHttpHeaders } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode, type: response.headers["content-type"], text }));
    });
    asked.on("error", reject).end();
  });
}

async function withServer(use: (server: MetricsServer) => Promise<void>): Promise<void> {
  const server = await startMetricsServer(0);
  try {
    await use(server);
  } finally {
    server.close();
  }
}

test("metrics are given in the format that is asked for, to GET and HEAD", async () => {
  await withServer(async (server) => {
    expect(await ask(server)).toMatchObject({ status: 200, text: "" });
    server.tell(() => up);
    expect(await ask(server)).toMatchObject({
      status: 200,
      type: "text/plain; version=0.0.4; charset=utf-8",
      text: "# HELP up Up\n# TYPE up gauge\nup 1\n",
    });
    const open = await ask(server, { headers: { accept: "application/openmetrics-text" } });
    expect([open.type?.split(";")[0], open.text.endsWith("# EOF\n")]).toEqual(["application/openmetrics-text", true]);
    expect(await ask(server, { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });
});

test("nothing else is answered: other ways, other places, and names that are not this machine's", async () => {
  await withServer(async (server) => {
    server.tell(() => up);
    expect((await ask(server, { method: "POST" })).status).toBe(405);
    expect((await ask(server, { path: "/" })).status).toBe(404);
    for (const host of ["evil.example", `evil.example:${server.port}`, "127.0.0.1.evil.example", "localhost@evil"]) {
      expect(await ask(server, { headers: { host } })).toMatchObject({ status: 403 });
    }
    expect((await ask(server, { headers: { host: `localhost:${server.port}` } })).status).toBe(200);
  });
});

test("a source that throws costs one answer", async () => {
  await withServer(async (server) => {
    server.tell(() => {
      throw new Error("ours");
    });
    expect(await ask(server)).toMatchObject({ status: 500, text: "Not now\n" });
    server.tell(() => up);
    expect((await ask(server)).status).toBe(200);
  });
});

test("a port that is taken is a mistake that can be put right, said in a sentence", async () => {
  await withServer(async ({ port }) => {
    const taken = startMetricsServer(port);
    await expect(taken).rejects.toThrow(UserError);
    await expect(taken).rejects.toThrow(`Port ${port} of 127.0.0.1, for metrics, is taken by another program`);
  });
});
