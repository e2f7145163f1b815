import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRunId } from "@claude-orchestrator/domain";
import { capturedIo } from "../io/capturedIo.ts";
import { addSchedule } from "../schedule/addSchedule.ts";
import { openSchedules } from "../schedule/stateFolder.ts";
import type { Reply, ServerRig } from "../testing/serverRig.ts";
import { startServerRig } from "../testing/serverRig.ts";

const fleet = "name: nightly\ninstances:\n  - { name: only, agent: command, run: 'true' }\n";

let rig: ServerRig;

beforeAll(async () => {
  rig = await startServerRig();
  writeFileSync(join(rig.folder, "nightly.yaml"), fleet);
});

afterAll(() => rig[Symbol.asyncDispose]());

const add = (body: object): Promise<Reply> => rig.askSigned("/api/schedules", { method: "POST", body });
const schedules = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await rig.askSigned("/api/schedules")).json()["schedules"] as readonly Readonly<Record<string, unknown>>[];

describe("a schedule that is added over the network", () => {
  test("is the one `schedule add` makes: in the server's folder, its runs where those of the server are", async () => {
    const body = { file: "nightly.yaml", cron: "0 2 * * 1-5", tz: "Europe/Berlin", run_flags: ["--budget-usd=2"] };
    const added = await add({ ...body, missed: "skip" });
    expect([added.status, added.json()["name"], (added.json()["next"] as unknown[]).length]).toEqual([
      201,
      "nightly",
      3,
    ]);
    expect(await schedules()).toMatchObject([
      {
        name: "nightly",
        cron: body.cron,
        zone: body.tz,
        file: join(rig.folder, "nightly.yaml"),
        flags: body.run_flags,
        cwd: rig.folder,
        runs: rig.runsFolder,
        missed: "skip",
        overlap: "skip",
      },
    ]);
    const audit = readFileSync(join(rig.folder, "state/server/audit.jsonl"), "utf8");
    expect(audit).toContain('"action":"addSchedule"');
  });

  test("takes the place of its namesake only where that is asked for, and stays paused", async () => {
    const body = { file: "nightly.yaml", cron: "@hourly", tz: "UTC" };
    const twice = await add(body);
    expect([twice.status, twice.json()["code"], twice.json()["hint"]]).toEqual([
      422,
      "schedule-invalid",
      expect.stringContaining("`--replace`"),
    ]);
    await rig.askSigned("/api/schedules/nightly/pause", { method: "POST", body: {} });
    expect((await add({ ...body, replace: true })).status).toBe(201);
    expect(await schedules()).toMatchObject([{ name: "nightly", cron: "@hourly", paused: true }]);
  });

  test("is not replaced while a run of it goes on", async () => {
    const [nightly] = await schedules();
    const log = openSchedules(rig.io);
    const run = makeRunId(Date.now(), () => 0.5);
    const slot = { id: String(nightly?.["id"]), slot: Date.now() + 1, run };
    log.append(() => [
      { ...slot, type: "schedule-due", way: "by-hand" },
      { ...slot, type: "schedule-fired" },
    ]);
    const refused = await add({ file: "nightly.yaml", cron: "@daily", replace: true });
    expect([refused.status, refused.json()["detail"]]).toEqual([
      409,
      `nightly is not changed while a run of it goes on: ${run}`,
    ]);
    log.append(() => [{ id: slot.id, slot: slot.slot, type: "schedule-ended", outcome: "succeeded" }]);
    log.close();
    expect((await add({ file: "nightly.yaml", cron: "@daily", tz: "UTC", replace: true })).status).toBe(201);
  });

  test("stays in the folder it was added from when it is changed by a server of another one", async () => {
    const elsewhere = join(rig.folder, "elsewhere");
    mkdirSync(elsewhere);
    const flags = {
      cron: "@daily",
      tz: "UTC",
      name: "other",
      missed: "skip",
      overlap: "skip",
      replace: false,
      json: true,
    };
    await addSchedule([join(rig.folder, "nightly.yaml")], flags, capturedIo({ env: rig.io.env, cwd: elsewhere }));
    const body = { file: "nightly.yaml", cron: "@weekly", tz: "UTC", name: "other", replace: true };
    expect((await add(body)).status).toBe(201);
    const changed = (await schedules()).find(({ name }) => name === "other");
    expect(changed).toMatchObject({ cron: "@weekly", cwd: elsewhere, runs: join(elsewhere, ".orchestrator", "runs") });
    expect((await rig.askSigned("/api/schedules/other", { method: "DELETE" })).status).toBe(200);
  });

  test("of pasted text keeps it, and is removed by its name", async () => {
    expect((await add({ text: fleet, cron: "@daily", tz: "UTC", name: "pasted one" })).status).toBe(201);
    const [, pasted] = await schedules();
    expect([pasted?.["name"], readFileSync(String(pasted?.["file"]), "utf8")]).toEqual(["pasted one", fleet]);
    expect((await rig.askSigned("/api/schedules/pasted%20one", { method: "DELETE" })).status).toBe(200);
    expect((await schedules()).length).toBe(1);
  });

  test("is refused with the place of each problem of its file, and nothing is kept", async () => {
    const refused = await add({ text: "name: x\ninstances:\n  - name: a\n    promt: hello\n", cron: "@daily" });
    expect([refused.status, refused.json()]).toMatchObject([
      422,
      {
        code: "config-invalid",
        detail: expect.stringContaining("so nothing was scheduled") as string,
        problems: [{ line: 4, column: 5, hint: "did you mean `prompt`?" }],
      },
    ]);
    const before = await schedules();
    expect(before.map(({ name }) => name)).not.toContain("x");
  });

  test.each([
    [{ cron: "every day" }, "schedule-invalid", "is no cron pattern"],
    [{ cron: "0 0 30 2 *" }, "schedule-invalid", "never comes"],
    [{ tz: "Europe/Berln" }, "schedule-invalid", "There is no time zone"],
    [{ file: "nightlly.yaml" }, "file-not-readable", "There is no file"],
    [{ text: fleet }, "usage", "one of two"],
    [{ run_flags: ["--var=API_KEY=x"] }, "usage", "looks like a secret"],
    [{ run_flags: ["--detach"] }, "usage", "cannot be scheduled"],
    [{ name: " " }, "usage", "cannot be called"],
  ])("%j is refused in the command line's own words", async (wrong, code, words) => {
    const reply = await add({ file: "nightly.yaml", cron: "@daily", tz: "UTC", name: "other", ...wrong });
    expect([reply.status, reply.json()["code"]]).toEqual([422, code]);
    expect(reply.json()["detail"]).toContain(words);
    expect((await schedules()).map(({ name }) => name)).toEqual(["nightly"]);
  });

  test("needs more than a token that only reads", async () => {
    const token = rig.book.createToken({ name: "reader", lastsMs: 60_000, canChange: false });
    const headers = { authorization: `Bearer ${token}` };
    const body = { file: "nightly.yaml", cron: "@daily", name: "other" };
    expect((await rig.ask("/api/schedules", { method: "POST", body, headers })).status).toBe(403);
    expect((await rig.ask("/api/slots?cron=@daily", { headers })).status).toBe(200);
  });
});

test("the next slots of a pattern are told in order, in UTC, and nothing is kept", async () => {
  const { zone, next } = (await rig.askSigned("/api/slots?cron=0+2+*+*+*&tz=Asia/Tokyo&count=5")).json();
  expect(zone).toBe("Asia/Tokyo");
  expect((next as string[]).map((each) => each.slice(10))).toEqual(Array.from({ length: 5 }, () => "T17:00:00.000Z"));
  expect((await rig.askSigned("/api/slots?cron=nonsense")).json()).toMatchObject({ code: "schedule-invalid" });
});

test("a forecast is part of the plan where it is asked for, and says what is guessed", async () => {
  const ask = async (body: object) => (await rig.askSigned("/api/plan", { method: "POST", body })).json()["plan"];
  expect(await ask({ file: "nightly.yaml" })).not.toHaveProperty("forecast");
  expect(await ask({ file: "nightly.yaml", forecast: true })).toMatchObject({
    forecast: { runs: 0, instances: [{ name: "only", basis: "prior", tokens: { p50: 0, p90: 0 } }], budgets: [] },
  });
  expect((await rig.askSigned("/api/forecast-check?runs=5")).json()).toMatchObject({ runs: 0, checked: [] });
});
