import { expect, test } from "vitest";
import { listTranscripts, readTranscript } from "./transcripts.ts";

test.each(["claude", "codex", "gemini", "opencode"] as const)(
  "every recording of %s that is listed can be read",
  (agent) => {
    const names = listTranscripts(agent);
    expect(names.filter((name) => readTranscript(agent, name) === "")).toEqual([]);
  },
);

test("a recording that is not there is an error", () => {
  expect(() => readTranscript("claude", "no-such-recording")).toThrow(/ENOENT/);
});
