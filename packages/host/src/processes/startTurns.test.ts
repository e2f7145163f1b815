import { expect, test } from "vitest";
import { createTurns } from "./startTurns.ts";

test("turns of a crowd come in order, and what has come in meanwhile is heard between any two of them", async () => {
  const turn = createTurns();
  const seen: string[] = [];
  let isOver = false;
  const hear = (): void => {
    if (isOver) return;
    if (seen.at(-1) !== "heard") seen.push("heard");
    setImmediate(hear);
  };
  const starts = ["a", "b", "c"].map((name) => turn().then(() => seen.push(name)));
  setImmediate(hear);
  await Promise.all(starts);
  isOver = true;
  expect(seen).toEqual(["a", "heard", "b", "heard", "c"]);
});

test("whoever comes alone has the turn before the event loop goes round", async () => {
  const turn = createTurns();
  let hasGoneRound = false;
  setImmediate(() => (hasGoneRound = true));
  await turn();
  expect(hasGoneRound).toBe(false);
});
