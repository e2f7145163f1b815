import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRunId } from "@claude-orchestrator/domain";
import type { LoggedEvent, NotifyTarget, RunEvent } from "@claude-orchestrator/domain";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { createEnvironment } from "../environment.ts";
import { startReceiver } from "../testing/receiver.ts";
import { Deliveries, mostTries } from "./deliveries.ts";
import { DeliveryRecord } from "./deliveryRecord.ts";
import type { DeliveryLine } from "./deliveryRecord.ts";
import type { NotifyMessage } from "./message.ts";
import { createNotifier } from "./notifier.ts";
import type { Notifier } from "./notifier.ts";
import type { SendAnswer } from "./sendNotice.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notifier "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const allKinds = ["needs_attention", "finished", "failed", "budget_80", "budget_100"] as const;

function target(url: string, on: NotifyTarget["on"] = allKinds): NotifyTarget {
  return { kind: "webhook", url: { text: url }, allowPrivate: true, on };
}

function logOf(notify: readonly NotifyTarget[], events: readonly RunEvent[]): readonly LoggedEvent[] {
  const id = parseRunId("run_0000000001");
  if (id === undefined) throw new Error("malformed run id");
  const created: RunEvent = {
    type: "run-created",
    id,
    plan: {
      name: "nightly",
      workspace: folder,
      concurrency: 1,
      startupDelayMs: 0,
      variables: {},
      limits: [],
      hideBudgets: false,
      instances: [],
      notify,
      notices: [],
    },
    version: "0",
    directory: folder,
    machine: { platform: "test", node: "0", cores: 1, containment: "none" },
  };
  return [created, ...events].map((event, at) => ({ ...event, seq: at + 1, at: 1000 }));
}

const nearBudget: RunEvent = {
  type: "budget-warned",
  scope: { kind: "run" },
  unit: "tokens",
  limit: 100,
  used: 80,
  threshold: 0.8,
};
const settled: RunEvent = { type: "run-settled", outcome: "failed", exitCode: 1, durationMs: 1 };

function notifier(failures: string[] = []): Notifier {
  return createNotifier({
    directory: folder,
    environment: createEnvironment({}),
    clock: createClock(),
    random: () => 0,
    onFailure: (sentence) => failures.push(sentence),
  });
}

function recorded(): readonly DeliveryLine[] {
  const text = readFileSync(join(folder, "notifications.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as DeliveryLine);
}

describe("a notifier", () => {
  test("tells each target what it asked for, once, and records it for its owner only", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    const told = notifier();
    const log = logOf([target(receiver.url), target(receiver.url, ["budget_80"])], [nearBudget, settled]);
    told.take(log.slice(0, 2));
    told.take(log);
    await told.close();
    const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types.toSorted()).toEqual(["run.budget_80", "run.budget_80", "run.failed"]);
    expect(recorded().every(({ outcome, tries }) => outcome === "delivered" && tries === 1)).toBe(true);
    expect(statSync(join(folder, "notifications.jsonl")).mode & 0o777).toBe(0o600);
  });

  test("of a run that is taken up again sends only what was not recorded, with the same id", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    const log = logOf([target(receiver.url)], [nearBudget, settled]);
    const first = notifier();
    first.take(log.slice(0, 2));
    await first.close();
    // Killed in the middle of recording the second one.
    const second = notifier();
    second.take(log);
    await second.close();
    const third = notifier();
    third.take(log);
    await third.close();
    expect(receiver.received).toHaveLength(2);
    rmSync(join(folder, "notifications.jsonl"));
    appendFileSync(join(folder, "notifications.jsonl"), '{"id":"msg_');
    const fourth = notifier();
    fourth.take(log);
    await fourth.close();
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(2);
    expect(readFileSync(join(folder, "notifications.jsonl"), "utf8").split("\n")[0]).toBe('{"id":"msg_');
  });

  test("tells a full disk though no event can, and not again when the event comes", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    const told = notifier();
    const log = logOf(
      [target(receiver.url)],
      [{ type: "run-paused", cause: { kind: "storage", message: "no space left" } }],
    );
    told.take(log.slice(0, 1));
    told.storageTrouble("no space left");
    told.take(log);
    await told.close();
    expect(receiver.received).toHaveLength(1);
  });

  test("makes no file and waits for nothing where nobody is to be told", async () => {
    const told = notifier();
    told.take(logOf([], [settled]));
    expect(told.isBusy).toBe(false);
    await told.close();
    expect(() => recorded()).toThrow("ENOENT");
  });

  test("goes on where its record cannot be written, and says so once", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    const failures: string[] = [];
    const told = createNotifier({
      directory: join(folder, "gone"),
      environment: createEnvironment({}),
      clock: createClock(),
      random: () => 0,
      onFailure: (sentence) => failures.push(sentence),
    });
    told.take(logOf([target(receiver.url)], [nearBudget, settled]));
    await told.close();
    expect(receiver.received).toHaveLength(2);
    expect(failures).toEqual([expect.stringContaining("could not be recorded")]);
  });
});

describe("deliveries", () => {
  const message: NotifyMessage = {
    id: "msg_1",
    kind: "failed",
    title: "The run failed",
    text: "",
    at: 0,
    run: { id: "run_1", name: "nightly", directory: "" },
    spent: { tokens: 0, costUsd: 0 },
  };
  const broken: SendAnswer = { ok: false, detail: "HTTP 500", again: true };

  function deliveries(send: () => Promise<SendAnswer>) {
    const failures: string[] = [];
    const record = new DeliveryRecord(join(folder, "notifications.jsonl"));
    const onFailure = (sentence: string): void => void failures.push(sentence);
    const parts = { record, send, clock: createClock(), random: () => 0, onFailure, firstDelayMs: 1 };
    return { failures, deliveries: new Deliveries(parts) };
  }

  test("try five times what may pass, then say so in one line", async () => {
    let tries = 0;
    const { deliveries: post, failures } = deliveries(async () => {
      tries += 1;
      return broken;
    });
    post.post(message, [target("https://example.com/x")], () => true);
    await post.close(60_000);
    expect(tries).toBe(mostTries);
    expect(failures).toEqual([
      'webhook https://example.com was not notified that "The run failed" (tried 5 times): HTTP 500',
    ]);
    expect(recorded()).toMatchObject([{ outcome: "failed", tries: 5, target: "0 webhook https://example.com" }]);
  });

  test("stop trying with the first success, and at once where no try can help", async () => {
    let tries = 0;
    const better = deliveries(async () => (++tries < 3 ? broken : { ok: true, detail: "HTTP 204" }));
    better.deliveries.post(message, [target("https://example.com")], () => true);
    await better.deliveries.close(60_000);
    expect([tries, better.failures]).toEqual([3, []]);
    const hopeless = deliveries(async () => ({ ok: false, detail: "HTTP 410", again: false }));
    hopeless.deliveries.post({ ...message, id: "msg_2" }, [target("https://example.com")], () => true);
    await hopeless.deliveries.close(60_000);
    expect(hopeless.failures[0]).toContain("(tried once): HTTP 410");
  });

  test("are given up at the end of the wait, those never tried as well, and nothing is sent after it", async () => {
    let tries = 0;
    const { deliveries: post, failures } = deliveries(() => {
      tries += 1;
      return new Promise(() => undefined);
    });
    for (let at = 0; at < 6; at += 1) {
      post.post({ ...message, id: `msg_${at}` }, [target("https://example.com")], () => true);
    }
    await post.close(1);
    post.post({ ...message, id: "msg_late" }, [target("https://example.com")], () => true);
    expect([tries, failures.length, post.isBusy]).toEqual([4, 2, false]);
    expect(failures[1]).toBe("webhook https://example.com did not get 5 more (notifications.jsonl has them)");
    expect(recorded().map(({ outcome }) => outcome)).toEqual(Array<string>(6).fill("given-up"));
    expect(new DeliveryRecord(join(folder, "notifications.jsonl")).has("msg_0", "0 webhook https://example.com")).toBe(
      false,
    );
  });

  test("do not let the end of the run stand behind what cannot be delivered", async () => {
    const sent: string[] = [];
    const held = Promise.withResolvers<SendAnswer>();
    const record = new DeliveryRecord(join(folder, "notifications.jsonl"));
    const post = new Deliveries({
      record,
      send: (_target, { id }) => {
        sent.push(id);
        return held.promise;
      },
      clock: createClock(),
      random: () => 0,
      onFailure: () => undefined,
    });
    const ids = ["b1", "b2", "b3", "b4", "b5", "b6"];
    for (const id of ids)
      post.post({ ...message, id, kind: "needs_attention" }, [target("https://a.example")], () => true);
    post.post({ ...message, id: "end" }, [target("https://a.example")], () => true);
    held.resolve({ ok: true, detail: "HTTP 200" });
    await post.close(60_000);
    expect(sent).toEqual(["b1", "b2", "b3", "b4", "end", "b5", "b6"]);
  });

  test("survive a sender that throws", async () => {
    const { deliveries: post, failures } = deliveries(() => Promise.reject(new Error("a bug")));
    post.post(message, [target("https://example.com")], () => true);
    await post.close(60_000);
    expect(failures[0]).toContain("a bug");
  });
});
