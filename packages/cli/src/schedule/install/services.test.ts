import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../../testing/folder.ts";
import { launchdService } from "./launchd.ts";
import { systemdService } from "./systemd.ts";
import { windowsTask } from "./windowsTask.ts";

const wish = {
  argv: ["/opt/no de/bin/node", "/opt/it's 100% $HOME/cli.mjs", "schedule", "daemon"],
  env: { PATH: "/usr/bin:/opt/a&b" },
  logPath: "/home/me/state/daemon.log",
  home: "/home/me",
};

describe("a systemd unit", () => {
  test("keeps the words of its command as they are, ends only the daemon, and lies where systemd looks", () => {
    const { path, text, enable } = systemdService(wish, undefined);
    expect(path).toBe("/home/me/.config/systemd/user/claude-orchestrator.service");
    expect(text).toContain(
      String.raw`ExecStart="/opt/no de/bin/node" "/opt/it's 100%% $$HOME/cli.mjs" "schedule" "daemon"`,
    );
    expect(text).toContain('Environment="PATH=/usr/bin:/opt/a&b"');
    expect(text).toContain("KillMode=process");
    expect(enable.at(-1)).toEqual(["systemctl", "--user", "enable", "--now", "claude-orchestrator.service"]);
    expect(systemdService(wish, "/cfg").path).toBe("/cfg/systemd/user/claude-orchestrator.service");
  });

  const hasVerify = spawnSync("systemd-analyze", ["--version"]).status === 0;
  test.skipIf(!hasVerify)("is one in systemd's own eyes", () => {
    using folder = makeFolder();
    const file = join(folder.path, "claude-orchestrator.service");
    writeFileSync(file, systemdService({ ...wish, argv: ["/bin/sh", "a b"] }, undefined).text);
    const { stderr } = spawnSync("systemd-analyze", ["--user", "verify", file], { encoding: "utf8" });
    expect(stderr).not.toContain("claude-orchestrator.service:");
  });
});

test("a launchd agent escapes what XML would take for its own, and leaves runs alone", () => {
  const { path, text, enable, disable } = launchdService(wish, 501);
  expect(path).toBe("/home/me/Library/LaunchAgents/io.github.claude-orchestrator.schedules.plist");
  expect(text).toContain("<string>/opt/it's 100% $HOME/cli.mjs</string>");
  expect(text).toContain("<key>PATH</key><string>/usr/bin:/opt/a&amp;b</string>");
  expect(text).toContain("<key>AbandonProcessGroup</key><true/>");
  expect(enable).toEqual([["launchctl", "bootstrap", "gui/501", path]]);
  expect(disable).toEqual([["launchctl", "bootout", "gui/501/io.github.claude-orchestrator.schedules"]]);
});

test("a Windows task quotes its words as its programs take them apart, and has no more rights than the person", () => {
  const argv = [String.raw`C:\Program Files\node.exe`, String.raw`C:\a "b"\cli.mjs`, "daemon"];
  const { path, text, enable } = windowsTask({ ...wish, argv }, String.raw`C:\state`);
  expect(path).toBe(String.raw`C:\state\schedules-task.xml`);
  expect(text).toContain(String.raw`<Command>C:\Program Files\node.exe</Command>`);
  expect(text).toContain(String.raw`<Arguments>&quot;C:\a \&quot;b\&quot;\cli.mjs&quot; daemon</Arguments>`);
  expect(text).toContain("<RunLevel>LeastPrivilege</RunLevel>");
  expect(enable[0]).toContain(path);
});
