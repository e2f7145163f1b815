import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import { makeFolder } from "../testing/folder.ts";
import { programAt } from "../testing/nginxProxy.ts";
import { printServerUnit } from "./serverUnit.ts";

async function unitFor(words: readonly string[], cwd: string): Promise<string> {
  const io = capturedIo({ env: { PATH: "/opt/my agents:/usr/bin", HOME: "/root" }, cwd });
  expect(await printServerUnit([...words, "--print-unit"], io)).toBe(0);
  return io.printed();
}

test("the unit says the same words again, where agents are found, and what is not tried again", async () => {
  using folder = makeFolder();
  const unit = await unitFor(["--port", "4141", "--public-url", "https://fleet.example.org/50%$HOME"], folder.path);
  expect(unit).toContain('"serve" "--port" "4141" "--public-url" "https://fleet.example.org/50%%$$HOME"');
  expect(unit).not.toContain("--print-unit");
  expect(unit).toContain('Environment="PATH=/opt/my agents:/usr/bin"\n');
  expect(unit).toContain("RestartPreventExitStatus=2 78\n");
});

test.skipIf(programAt("systemd-analyze") === undefined)("systemd finds nothing wrong with the unit", async () => {
  using folder = makeFolder();
  const path = join(folder.path, "claude-orchestrator-server.service");
  writeFileSync(path, await unitFor(["--port", "4141"], folder.path));
  const env = { PATH: process.env["PATH"], XDG_RUNTIME_DIR: folder.path, HOME: folder.path };
  // It prints only what it does not like, also of other units.
  const { stderr, status } = spawnSync("systemd-analyze", ["verify", "--user", path], { encoding: "utf8", env });
  expect([status, stderr.split("\n").filter((line) => line.includes("claude-orchestrator"))]).toEqual([0, []]);
});
