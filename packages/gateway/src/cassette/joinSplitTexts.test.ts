import { expect, test } from "vitest";
import { joinSplitTexts } from "./joinSplitTexts.ts";
import { createPlaces } from "./places.ts";

const places = createPlaces({ workspace: "/home/ann/project" });
const clean = (text: string): string => places.toMarks(text);

function eventsOf(values: readonly object[]) {
  return values.map((value, at) => ({ afterMs: at, text: `event: e\ndata: ${JSON.stringify(value)}\n\n` }));
}

function texts(values: readonly object[]): string {
  return joinSplitTexts(eventsOf(values), clean)
    .map(({ text }) => clean(text))
    .join("");
}

test.each([
  ["Anthropic", (piece: string) => ({ index: 1, delta: { type: "input_json_delta", partial_json: piece } })],
  ["Responses", (piece: string) => ({ type: "response.output_text.delta", item_id: "i", delta: piece })],
  ["Chat", (piece: string) => ({ choices: [{ delta: { content: piece } }] })],
  [
    "Chat's tools",
    (piece: string) => ({ choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: piece } }] } }] }),
  ],
])("a folder that a stream cuts in two is found all the same: %s", (_, event) => {
  const told = texts([event("see /home/an"), event("n/project/a.ts")]);
  expect(told).toContain("see {workspace}/a.ts");
  expect(told).not.toContain("/home");
});

test("a stream that hides nothing stays as it came", () => {
  const events = eventsOf([
    { index: 0, delta: { text: "two " } },
    { index: 0, delta: { text: "words" } },
  ]);
  expect(joinSplitTexts(events, clean)).toEqual(events);
});
