import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

const asked = {
  model: "m",
  messages: [{ role: "user", content: "hi" }],
  system: [
    { type: "text", text: "x-anthropic-billing-header: cch=1" },
    { type: "text", text: "be good" },
  ],
  metadata: { user_id: "one" },
};

test("a request that asks the same has the same fingerprint, whoever asks when; one more word gives another", () => {
  const again = {
    ...asked,
    system: [
      { type: "text", text: "x-anthropic-billing-header: cch=2" },
      { type: "text", text: "be good" },
    ],
    metadata: { user_id: "two" },
  };
  expect(fingerprintOf(again)).toBe(fingerprintOf(asked));
  expect(fingerprintOf(asked)).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    { ...asked, messages: [{ role: "user", content: "hi!" }] },
    { ...asked, system: [{ type: "text", text: "be better" }] },
    { ...asked, model: "n" },
  ];
  expect(new Set([asked, ...others].map(fingerprintOf)).size).toBe(4);
});
