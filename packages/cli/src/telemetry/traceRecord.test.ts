import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { TraceRecord } from "./traceRecord.ts";

test("what a run was started in, and what has arrived, is kept for whoever takes it up", () => {
  using folder = makeFolder();
  const first = new TraceRecord(folder.path, { traceparent: "00-a" });
  first.arrived(7);
  first.arrived(3);
  expect(new TraceRecord(folder.path, { traceparent: "00-b" }).facts).toEqual({ traceparent: "00-a", sent: 7 });
  expect(statSync(join(folder.path, "telemetry.json")).mode & 0o777).toBe(0o600);
});

test.for(["", "{", "[]", '{"sent":"7"}'])("a record that holds %j is made anew, so that everything is sent", (text) => {
  using folder = makeFolder({ "telemetry.json": text });
  expect(new TraceRecord(folder.path, {}).facts).toEqual({ sent: 0 });
  expect(JSON.parse(readFileSync(join(folder.path, "telemetry.json"), "utf8"))).toEqual({ sent: 0 });
});

test("a folder that cannot be written to ends nothing", () => {
  using folder = makeFolder();
  const place = join(folder.path, "file");
  writeFileSync(place, "");
  const record = new TraceRecord(place, {});
  record.arrived(5);
  expect(record.facts).toEqual({ sent: 5 });
});
