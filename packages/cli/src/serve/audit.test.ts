import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServerRig } from "../testing/serverRig.ts";
import type { ServerRig } from "../testing/serverRig.ts";

interface Action {
  readonly method: string;
  readonly path: string;
}

/** Every route that changes something, from the document: its method is not GET, and whoever may only read may not do it. */
async function actionsOf(rig: ServerRig): Promise<readonly Action[]> {
  const { paths } = (await rig.askSigned("/api/openapi.json")).json();
  return Object.entries(paths as Record<string, Record<string, { "x-permission": string }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods)
        .filter(([method, { "x-permission": permission }]) => method !== "get" && permission !== "run:read")
        .map(([method]) => ({ method: method.toUpperCase(), path })),
  );
}

const bodies: Readonly<Record<string, object>> = {
  "/api/runs": { prompts: ["hello"] },
  "/api/schedules": { text: "instances: []", cron: "@daily" },
  "/api/sign-in": { code: "x" },
};

test.skipIf(!existsSync("/dev/full")).each([
  ["the disk is full", (file: string) => symlinkSync("/dev/full", file), "no space is left on the disk"],
  ["its file is another thing", (file: string) => mkdirSync(file), "the record cannot be written"],
])("where %s, every action of the document is refused, and nothing of it happens", async (_what, breakIt, why) => {
  await using rig = await startServerRig();
  const { id, log } = rig.addRun([{ type: "run-started" }]);
  await log.flush();
  const actions = await actionsOf(rig);
  const file = join(rig.folder, "state", "server", "audit.jsonl");
  rmSync(file, { force: true });
  breakIt(file);
  const headers = rig.browser();
  const before = readdirSync(rig.folder, { recursive: true }).length;
  const codes: string[] = [];
  for (const { method, path } of actions) {
    const filled = path.replace("{run}", id).replaceAll(/\{\w+\}/g, "nobody");
    const body = method === "DELETE" ? {} : { body: bodies[path] ?? {} };
    const reply = await rig.ask(filled, { method, headers, ...body });
    codes.push(`${reply.status} ${String(reply.json()["code"])} ${String(reply.json()["detail"]).split(": ").at(-1)}`);
  }
  expect(actions.length).toBeGreaterThanOrEqual(13);
  expect([...new Set(codes)]).toEqual([`503 not-on-record ${why}`]);
  // The session that was to be signed out is there still, and no run was made.
  expect((await rig.ask("/api/session", { headers })).status).toBe(200);
  expect(readdirSync(rig.folder, { recursive: true }).length).toBe(before);
  expect(rig.troubles.splice(0).length).toBeGreaterThanOrEqual(actions.length);
  rmSync(file, { recursive: true });
  expect((await rig.ask("/api/sign-out", { method: "POST", body: {}, headers })).status).toBe(200);
  // Every line can be read, also the first after those that could not be written.
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  expect(lines.map((line) => (JSON.parse(line) as { status: number | null }).status)).toEqual([null, 200]);
});

test("who did what is written down, and what only looked is not", async () => {
  await using rig = await startServerRig();
  const { id: run, log } = rig.addRun([{ type: "run-started" }]);
  await log.flush();
  await rig.askSigned(`/api/runs/${run}/pause`, { method: "POST" });
  const lines = readFileSync(join(rig.folder, "state", "server", "audit.jsonl"), "utf8")
    .trim()
    .split("\n");
  const told = lines.slice(-2).map((line) => JSON.parse(line) as Record<string, unknown>);
  const actor = { kind: "token", name: "test" };
  const { request } = told[0] ?? {};
  const line = { at: expect.any(String), request, actor, action: "pauseRun", object: run, remote: "127.0.0.1" };
  // That it would be done, and what became of it.
  expect(told).toEqual([
    { ...line, status: null },
    { ...line, status: 409 },
  ]);
  expect(lines.filter((each) => /"(?:showRun|planRun|changeTopics)"/.test(each))).toEqual([]);
});

test("who signed in is written down, by a link or by a token, and never with what", async () => {
  await using rig = await startServerRig();
  const code = rig.book.createCode();
  expect((await rig.ask(`/sign-in/${code}`)).status).toBe(200);
  expect((await rig.ask(`/sign-in/${code}`)).status).toBe(403);
  const text = readFileSync(join(rig.folder, "state", "server", "audit.jsonl"), "utf8");
  const [by, nobody] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ status }) => status !== null)
    .slice(-2);
  expect(by).toMatchObject({ action: "signIn", actor: { kind: "session", name: "sign-in link" }, status: 200 });
  expect(nobody).toMatchObject({ action: "signIn", actor: null, object: null, status: 403 });
  expect(text).not.toContain(code);
});
