import { createHmac } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig } from "./rig.ts";

interface Hook extends AsyncDisposable {
  readonly url: string;
  readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Settles when it has had so many requests. */
  heard(count: number): Promise<void>;
}

async function startHook(answer: (response: ServerResponse) => void): Promise<Hook> {
  const received: Hook["received"] = [];
  const lookers = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      for (const look of lookers) look();
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    heard: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length >= count) resolve();
        };
        lookers.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

const failing = { name: "bad", agent: "command", run: "exit 3" };
const fine = { name: "good", agent: "command", run: ["true"] };

describe("notifications of the built program", () => {
  test("a run that fails is told by a signed webhook, past any proxy, and its exit code is its own", async () => {
    await using hook = await startHook((response) => void response.end());
    await using proxy = await startHook((response) => void response.end());
    await using rig = await createRig({
      config: {
        notify: [{ webhook: { url: hook.url, secret_env: "HOOK_SECRET", allow_private: true }, on: "failed" }],
        instances: [failing],
      },
    });
    const proxied = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url, http_proxy: proxy.url };
    const run = await rig.run({ env: { ...proxied, HOOK_SECRET: "e2e signing key 4711" } });
    expect(run.exitCode).toBe(1);
    expect([hook.received.length, proxy.received.length]).toEqual([1, 0]);
    const [{ headers, body } = { headers: {}, body: "" }] = hook.received;
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    const expected = createHmac("sha256", "e2e signing key 4711").update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toMatchObject({ type: "run.failed", data: { run_name: "fleet", text: "1 failed" } });
    const record = join(run.directory, "notifications.jsonl");
    expect(readFileSync(record, "utf8")).toContain('"outcome":"delivered"');
    expect(statSync(record).mode & 0o777).toBe(0o600);
    expect(run.stdout + run.stderr).not.toContain("e2e signing key");
  });

  test("a webhook that hangs or refuses neither changes the exit code nor holds the run for long", async () => {
    await using hanging = await startHook(() => undefined);
    await using refusing = await startHook((response) => void response.writeHead(410).end());
    await using rig = await createRig({
      config: {
        notify: [
          { webhook: { url: hanging.url, allow_private: true } },
          { webhook: { url: refusing.url, allow_private: true } },
          { webhook: { url: "https://127.0.0.1:1/" } },
          { slack: { url_env: "NOT_SET" } },
          { command: ["no-such-program-here"] },
        ],
        instances: [fine],
      },
    });
    const run = await rig.run();
    expect(run.exitCode).toBe(0);
    expect(hanging.received.length).toBeGreaterThan(0);
    expect(run.stderr).toContain("(tried once): HTTP 410");
    expect(run.stderr).toContain("127.0.0.1 is no public address (loopback)");
    expect(run.stderr).toContain("note: $NOT_SET is not set");
    expect(run.stderr).toContain("command no-such-program-here was not notified");
    expect(readFileSync(join(run.directory, "notifications.jsonl"), "utf8")).toContain('"outcome":"given-up"');
  }, 40_000);

  test("whoever presses Ctrl-C waits no longer for a webhook that hangs", async () => {
    await using hanging = await startHook(() => undefined);
    await using rig = await createRig({
      config: { notify: [{ webhook: { url: hanging.url, allow_private: true } }], instances: [fine] },
    });
    const program = rig.start();
    await program.event(({ type }) => type === "run-settled");
    await hanging.heard(1);
    program.signal("SIGINT");
    const { exitCode, stderr } = await program.ended;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("was not notified")]);
  });

  test("`stop` and `attach` come back when nobody works in the run's folder any more, and its reports are there", async () => {
    await using slow = await startHook((response) => void setTimeout(() => response.end(), 1500));
    await using rig = await createRig({
      config: {
        notify: [{ webhook: { url: slow.url, allow_private: true } }],
        instances: [{ name: "waits", agent: "command", run: ["sleep", "600"] }],
      },
    });
    const started = await rig.command(["run", "fleet.json", "--detach"]);
    expect(started).toMatchObject({ exitCode: 0 });
    const [directory = ""] = rig.runs();
    const attached = rig.begin(["attach", "latest", "--json"]);
    await attached.event(({ type }) => type === "attempt-started");
    const reports = async (ended: Promise<unknown>): Promise<readonly boolean[]> => {
      await ended;
      return ["result.json", "supervisor.json"].map((name) => existsSync(join(directory, name)));
    };
    expect(await Promise.all([reports(rig.command(["stop", "latest"])), reports(attached.ended)])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  test("a run whose supervisor is killed and that is taken up again tells each thing once", async () => {
    await using hook = await startHook((response) => void response.end());
    await using rig = await createRig({
      config: {
        notify: [{ webhook: { url: hook.url, allow_private: true }, on: ["finished", "budget_80", "budget_100"] }],
        budget: { tokens: 1, on_exceed: "warn" },
        instances: [
          { name: "asks", prompt: "hello" },
          { name: "waits", agent: "command", needs: "asks", run: "while [ ! -e go ]; do sleep 0.05; done" },
        ],
      },
    });
    const first = rig.start();
    await first.event((event) => event.type === "attempt-started" && event.instance === "waits");
    await hook.heard(2);
    const record = join(rig.runs()[0] ?? "", "notifications.jsonl");
    while (readFileSync(record, "utf8").split("\n").length < 3) await new Promise(setImmediate);
    first.signal("SIGKILL");
    await first.ended;
    writeFileSync(rig.path("go"), "");
    const resumed = await rig.command(["resume", "latest"]);
    expect(resumed.exitCode).toBe(0);
    const types = hook.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types.toSorted()).toEqual(["run.budget_100", "run.budget_80", "run.finished"]);
    expect(new Set(hook.received.map(({ headers }) => headers["webhook-id"])).size).toBe(3);
  });

  test("a command gets the event as JSON, and a budget is told at 80 and 100 %", async () => {
    await using rig = await createRig({
      scenario: "text",
      config: {
        notify: [{ command: ["tee", "-a", "events.jsonl"], on: ["finished", "budget_80", "budget_100"] }],
        budget: { tokens: 1, on_exceed: "warn" },
        instances: [{ name: "asks", prompt: "hello" }],
      },
    });
    const run = await rig.run();
    expect(run.exitCode).toBe(0);
    const types = rig.read("events.jsonl").match(/run\.[a-z_0-9]+"/g);
    expect(types?.toSorted()).toEqual(['run.budget_100"', 'run.budget_80"', 'run.finished"']);
  });

  test("notify test sends one message to each target and says what it came to", async () => {
    await using hook = await startHook((response) => void response.end());
    await using rig = await createRig({
      config: {
        notify: [{ webhook: { url: hook.url, allow_private: true } }, { command: ["false"] }],
        instances: [fine],
      },
    });
    const tested = await rig.command(["notify", "test", "fleet.json"]);
    expect(tested.exitCode).toBe(1);
    expect(tested.stdout).toMatch(/webhook http:\/\/127\.0\.0\.1:\d+: HTTP 200/);
    expect(tested.stdout).toContain("command false: exit 1");
    expect(JSON.parse(hook.received[0]?.body ?? "")).toMatchObject({ type: "run.test" });
    expect(rig.runs()).toEqual([]);
  });

  test("notify test of a file that notifies nobody says what to write", async () => {
    await using rig = await createRig({ config: { instances: [fine] } });
    const tested = await rig.command(["notify", "test", "fleet.json"]);
    expect([tested.exitCode, tested.stderr]).toEqual([2, expect.stringContaining("give it `notify:`")]);
  });
});
