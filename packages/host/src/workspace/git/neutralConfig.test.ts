import { expect, test } from "vitest";
import { neutralConfig, type ConfigEntry } from "./neutralConfig.ts";

const lastOf = (entries: readonly ConfigEntry[], key: string): string | undefined =>
  neutralConfig(entries).findLast(([each]) => each === key)?.[1];
const global = (key: string, value = "x"): ConfigEntry => ({ scope: "global", key, value });
const local = (key: string, value = "x"): ConfigEntry => ({ scope: "local", key, value });

test("a repository's process for large files is replaced by ours, and none is named where nobody names one", () => {
  const setUp = [global("filter.lfs.clean"), global("filter.lfs.process")];
  expect(lastOf(setUp, "filter.lfs.process")).toBeUndefined();
  expect(lastOf([...setUp, local("filter.lfs.process", "evil")], "filter.lfs.process")).toBe(
    "git-lfs filter-process --skip",
  );
  expect(lastOf([local("filter.lfs.process", "evil")], "filter.lfs.process")).toBe("");
});

test("git for Windows is told that paths may be long, whatever else is set", () => {
  expect(lastOf([global("core.longpaths", "false")], "core.longpaths")).toBe("true");
});

test("who commits is the repository's person, else the person of the machine, else we", () => {
  expect(lastOf([global("user.name", "Ada"), local("user.name", "Ada at work")], "user.name")).toBe("Ada at work");
  expect(lastOf([global("user.name", "Ada")], "user.name")).toBe("Ada");
  expect(lastOf([], "user.email")).toBe("claude-orchestrator@localhost");
});
