import { createHmac } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NotifyChannel } from "@claude-orchestrator/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../environment.ts";
import { startReceiver } from "../testing/receiver.ts";
import { desktopCall } from "./desktop.ts";
import type { NotifyMessage } from "./message.ts";
import { sendNotice } from "./sendNotice.ts";
import type { SendParts } from "./sendNotice.ts";
import { slackBody } from "./slack.ts";

const message: NotifyMessage = {
  id: "msg_2f",
  kind: "failed",
  title: "The run failed after 3m2s",
  text: '1 failed; `$(touch pwned)` <!channel> & "quotes"',
  at: Date.UTC(2026, 10, 23, 12),
  run: { id: "run_1", name: "nightly", directory: "/runs/run_1" },
  instance: "-rf",
  spent: { tokens: 1200, costUsd: 0.5 },
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "notify "));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parts(variables: Readonly<Record<string, string>> = {}, changes: Partial<SendParts> = {}): SendParts {
  const environment = createEnvironment({ PATH: process.env["PATH"], ...variables });
  return { environment, cwd: folder, wall: () => Date.UTC(2026, 10, 23, 12, 1), timeoutMs: 5000, ...changes };
}

function webhook(url: string, changes: Partial<Extract<NotifyChannel, { kind: "webhook" }>> = {}): NotifyChannel {
  return { kind: "webhook", url: { text: url }, allowPrivate: true, ...changes };
}

describe("a webhook", () => {
  test("is signed as Standard Webhooks says: an independent computation agrees", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    const secret = `whsec_${Buffer.from("twenty-four bytes of key").toString("base64")}`;
    const answer = await sendNotice(webhook(receiver.url, { secretEnv: "HOOK" }), message, parts({ HOOK: secret }));
    expect(answer).toEqual({ ok: true, detail: "HTTP 200" });
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": "msg_2f",
      "webhook-timestamp": String(Date.UTC(2026, 10, 23, 12, 1) / 1000),
    });
    const signed = `msg_2f.${String(headers["webhook-timestamp"])}.${body}`;
    const expected = createHmac("sha256", "twenty-four bytes of key").update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toEqual({
      type: "run.failed",
      timestamp: "2026-11-23T12:00:00.000Z",
      data: {
        title: message.title,
        text: message.text,
        run_id: "run_1",
        run_name: "nightly",
        run_directory: "/runs/run_1",
        instance: "-rf",
        tokens: 1200,
        cost_usd: 0.5,
      },
    });
  });

  test("takes a secret without the prefix as the key itself", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    await sendNotice(webhook(receiver.url, { secretEnv: "HOOK" }), message, parts({ HOOK: "plain words" }));
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    const expected = createHmac("sha256", "plain words").update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  });

  test("without a secret is not signed, and one that is asked for but not set is not sent", async () => {
    await using receiver = await startReceiver((response) => void response.end());
    await sendNotice(webhook(receiver.url), message, parts());
    expect(receiver.received[0]?.headers).not.toHaveProperty("webhook-signature");
    const answer = await sendNotice(webhook(receiver.url, { secretEnv: "HOOK" }), message, parts());
    expect(answer).toEqual({ ok: false, detail: "$HOOK is not set", again: false });
    expect(receiver.received).toHaveLength(1);
  });

  test.for([
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [404, false],
    [410, false],
    [302, false],
  ] as const)("an answer of %i is worth another try: %s", async ([status, again]) => {
    await using receiver = await startReceiver((response) => response.writeHead(status).end("no\nthanks"));
    const answer = await sendNotice(webhook(receiver.url), message, parts());
    expect(answer).toMatchObject({ ok: false, again });
    expect(answer.detail).toContain(`HTTP ${status}`);
  });

  test("a private address is refused for good, and nobody there may come back", async () => {
    const refused = await sendNotice(webhook("https://127.0.0.1/", { allowPrivate: false }), message, parts());
    expect(refused).toMatchObject({ ok: false, again: false });
    const gone = await startReceiver((response) => void response.end());
    await gone[Symbol.asyncDispose]();
    expect(await sendNotice(webhook(gone.url), message, parts())).toMatchObject({ ok: false, again: true });
  });
});

test("a Slack message mentions nobody and links nothing", async () => {
  await using receiver = await startReceiver((response) => void response.end("ok"));
  const target: NotifyChannel = { kind: "slack", url: { env: "SLACK" }, allowPrivate: true };
  expect(await sendNotice(target, message, parts({ SLACK: receiver.url }))).toMatchObject({ ok: true });
  expect(receiver.received[0]?.body).toBe(slackBody(message));
  const { text } = JSON.parse(slackBody(message)) as { text: string };
  expect(text).toBe('*nightly: The run failed after 3m2s*\n1 failed; `$(touch pwned)` &lt;!channel&gt; &amp; "quotes"');
});

describe("a command", () => {
  test("gets the event on standard input and a few names, its words as written, and none of our secrets", async () => {
    const script = join(folder, "notify me.sh");
    writeFileSync(
      script,
      `#!/bin/sh\nprintf '%s\\n' "$@" > args\ncat > input\nprintf '%s' "$CLAUDE_ORCHESTRATOR_NOTICE $CLAUDE_ORCHESTRATOR_RUN $SECRET" > names\n`,
    );
    chmodSync(script, 0o755);
    const target: NotifyChannel = { kind: "command", argv: [script, "${{ title }}", "$HOME"] };
    expect(await sendNotice(target, message, parts({ SECRET: "s3cret" }))).toEqual({ ok: true, detail: "exit 0" });
    expect(readFileSync(join(folder, "args"), "utf8")).toBe("${{ title }}\n$HOME\n");
    expect(readFileSync(join(folder, "names"), "utf8")).toBe("failed run_1 ");
    expect(JSON.parse(readFileSync(join(folder, "input"), "utf8"))).toMatchObject({ type: "run.failed" });
  });

  test.for([
    [["sh", "-c", "echo broken >&2; exit 3"], { ok: false, detail: "exit 3: broken", again: true }],
    [["no-such-program-here"], { ok: false, detail: "there is no program `no-such-program-here`", again: false }],
    [["sh", "-c", "exec <&-; exit 0"], { ok: true, detail: "exit 0" }],
  ] as const)("%j ends as it ends", async ([argv, expected]) => {
    expect(await sendNotice({ kind: "command", argv }, message, parts())).toEqual(expected);
  });

  test("that does not end is ended at the deadline, or when it is given up", async () => {
    const target: NotifyChannel = { kind: "command", argv: ["sleep", "600"] };
    expect(await sendNotice(target, message, parts({}, { timeoutMs: 50 }))).toMatchObject({ detail: "timed out" });
    const abort = new AbortController();
    const given = sendNotice(target, message, parts(), abort.signal);
    abort.abort();
    expect(await given).toMatchObject({ detail: "given up" });
  });
});

describe("a desktop", () => {
  test("is told by a program and words, whatever the words are", () => {
    const linux = desktopCall(message, "linux").argv;
    expect(linux.slice(0, 4)).toEqual(["notify-send", "--app-name=claude-orchestrator", "--urgency=critical", "--"]);
    expect(linux[5]).toContain("&lt;!channel&gt;");
    const mac = desktopCall({ ...message, title: "-e 'do shell script'" }, "darwin").argv;
    expect(mac.at(-3)).toBe("--");
    expect(mac.at(-2)).toBe("nightly: -e 'do shell script'");
    const windows = desktopCall(message, "win32");
    const script = Buffer.from(windows.argv.at(-1) ?? "", "base64").toString("utf16le");
    expect(script).not.toContain("nightly");
    expect(windows.env).toEqual({ NOTICE_TITLE: "nightly: The run failed after 3m2s", NOTICE_TEXT: message.text });
  });

  test("on Linux is told by notify-send, with what it needs to reach the desktop", async () => {
    const bin = mkdtempSync(join(folder, "bin "));
    const script = `#!/bin/sh\nprintf '%s\\n' "$DISPLAY" "$@" > '${join(bin, "words")}'\n`;
    writeFileSync(join(bin, "notify-send"), script, { mode: 0o755 });
    const environment = createEnvironment({ PATH: bin, DISPLAY: ":7" });
    const answer = await sendNotice({ kind: "desktop" }, message, parts({}, { environment, platform: "linux" }));
    expect(answer).toEqual({ ok: true, detail: "exit 0" });
    const words = readFileSync(join(bin, "words"), "utf8").split("\n");
    expect([words[0], words[4]]).toEqual([":7", "nightly: The run failed after 3m2s"]);
  });

  test("that is not there is a failure for good", async () => {
    const environment = createEnvironment({ PATH: folder });
    const answer = await sendNotice({ kind: "desktop" }, message, parts({}, { environment, platform: "linux" }));
    expect(answer).toEqual({ ok: false, detail: "there is no program `notify-send`", again: false });
  });
});
