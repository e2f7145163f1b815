import { baseEnvironmentNames, windowsEnvironmentNames } from "@claude-orchestrator/host";
import { expect, test } from "vitest";
import { neverFromCurrentFolder } from "./currentFolder.ts";

const rule = "NoDefaultCurrentDirectoryInExePath";

test("on Windows no program is taken from the folder it runs in, and elsewhere there is nothing to say", () => {
  const [windows, linux] = [{}, {}];
  neverFromCurrentFolder(windows, "win32");
  neverFromCurrentFolder(linux, "linux");
  expect([windows, linux]).toEqual([{ [rule]: "1" }, {}]);
});

test("an agent's own scripts find programs as they always did: it is not told", () => {
  expect([...baseEnvironmentNames, ...windowsEnvironmentNames].map((name) => name.toUpperCase())).not.toContain(
    rule.toUpperCase(),
  );
});
