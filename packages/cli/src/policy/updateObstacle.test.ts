import { loadPolicy } from "@claude-orchestrator/config/file";
import { expect, test } from "vitest";
import { updateObstacle } from "./updateObstacle.ts";

function refused(text: string, source: string | undefined, channel = "stable"): string | undefined {
  const loaded = loadPolicy(text, { fileName: "/etc/p.yaml", knownAgents: [] });
  if ("problems" in loaded) throw new Error(loaded.problems[0]?.message);
  return updateObstacle(loaded.policy, { source, channel, cwd: "/media" })?.message;
}

test("updates that are off are off wherever they would come from", () => {
  const off = "The policy of this machine has updates off (/etc/p.yaml:1)";
  expect([undefined, "https://updates.example.org", "./usb"].map((source) => refused("update: off", source))).toEqual([
    off,
    off,
    off,
  ]);
  expect(refused("telemetry: off", "https://updates.example.org")).toBeUndefined();
});

test("a source and a channel that are named are the only ones, however they are written", () => {
  const text = "update: { source: https://updates.example.org/ours/, channel: stable }";
  expect(refused(text, "HTTPS://Updates.example.org/ours")).toBeUndefined();
  expect(refused(text, "https://updates.example.org.evil.test/ours")).toMatch(
    /^The policy allows updates from https:.*evil\.test\/ours \(\/etc\/p\.yaml:1\)$/,
  );
  expect(refused(text, "./usb")).toMatch(/not from \.\/usb/);
  expect(refused(text, "https://updates.example.org/ours/", "beta")).toMatch(/of the channel stable, not of beta/);
  expect(refused("update: { source: /media/usb }", "./usb/")).toBeUndefined();
  expect(refused("update: { source: /media/usb }", "file:///media/usb")).toBeUndefined();
  expect(refused("update: { source: /media/usb }", "file:///media/other")).toMatch(/not from file:/);
});
