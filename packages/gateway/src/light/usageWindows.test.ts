import { expect, test } from "vitest";
import { ToldWindows, usageWindowsIn } from "./usageWindows.ts";

const fiveHours = {
  "anthropic-ratelimit-unified-status": "allowed_warning",
  "anthropic-ratelimit-unified-reset": "1795426002",
  "anthropic-ratelimit-unified-representative-claim": "five_hour",
  "anthropic-ratelimit-unified-5h-utilization": "0.91",
  "anthropic-ratelimit-unified-5h-reset": "1795426002",
  "anthropic-ratelimit-unified-5h-status": "allowed_warning",
  "anthropic-ratelimit-unified-5h-surpassed-threshold": "0.9",
  "anthropic-ratelimit-unified-7d-utilization": "0.2",
  "anthropic-ratelimit-unified-7d-reset": "1795926002",
};

test("windows have the names, times and shares that Claude Code gives them in its stream", () => {
  expect(usageWindowsIn(fiveHours)).toEqual([
    { window: "five_hour", status: "warning", resetsAt: 1_795_426_002_000, utilization: 0.91 },
    { window: "seven_day", status: "allowed", resetsAt: 1_795_926_002_000, utilization: 0.2 },
  ]);
  expect(usageWindowsIn({ "anthropic-ratelimit-unified-7d_opus-utilization": "2" })).toEqual([
    { window: "seven_day_opus", status: "allowed", utilization: 1 },
  ]);
});

test("a refusal that tells of one window by its name alone is heard as well", () => {
  const headers = {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-reset": "1795472226",
    "anthropic-ratelimit-unified-representative-claim": "five_hour",
  };
  expect(usageWindowsIn(headers)).toEqual([{ window: "five_hour", status: "rejected", resetsAt: 1_795_472_226_000 }]);
});

test("an answer without such headers tells of no window", () => {
  expect(usageWindowsIn({ "content-type": "text/event-stream", "anthropic-ratelimit-unified-status": "odd" })).toEqual(
    [],
  );
});

test("only what is new is told, once for each account", () => {
  const told = new ToldWindows();
  const windows = usageWindowsIn(fiveHours);
  const nearly = usageWindowsIn({ ...fiveHours, "anthropic-ratelimit-unified-5h-utilization": "0.912" });
  const more = usageWindowsIn({ ...fiveHours, "anthropic-ratelimit-unified-5h-utilization": "0.93" });
  const counts = [told.news("a", windows), told.news("a", nearly), told.news("b", windows), told.news("a", more)];
  expect(counts.map((news) => news.map(({ window }) => window))).toEqual([
    ["five_hour", "seven_day"],
    [],
    ["five_hour", "seven_day"],
    ["five_hour"],
  ]);
});
