import type { NotifyChannel } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { describeTargets } from "./describeTargets.ts";

function webhook(text: string): NotifyChannel {
  return { kind: "webhook", url: { text }, allowPrivate: false };
}

test("a target is described without anything secret of its address", () => {
  const targets: readonly NotifyChannel[] = [
    webhook("https://example.com/hook/T0/abcdef?x=1"),
    { kind: "slack", url: { env: "SLACK" }, allowPrivate: false },
    { kind: "command", argv: ["tell", "--token", "x"] },
  ];
  expect(describeTargets(targets)).toEqual(["webhook https://example.com", "slack $SLACK", "command tell"]);
});

test("two targets at one host are told apart by their place in the file", () => {
  const targets = [webhook("https://example.com/a"), webhook("https://example.org"), webhook("https://example.com/b")];
  expect(describeTargets(targets)).toEqual([
    "webhook https://example.com (no. 1 of `notify`)",
    "webhook https://example.org",
    "webhook https://example.com (no. 3 of `notify`)",
  ]);
});
