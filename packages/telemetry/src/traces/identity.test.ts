import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseTraceparent, spanIdOf, traceRootOf } from "./identity.ts";

const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a run is in the trace it was started in, else in one that follows from its id", () => {
  expect(traceRootOf("run_1", parent)).toEqual({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    parentId: "b7ad6b7169203331",
  });
  const own = traceRootOf("run_1", undefined);
  expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect([traceRootOf("run_1", "nonsense"), traceRootOf("run_2", undefined).traceId === own.traceId]).toEqual([
    own,
    false,
  ]);
});

test.for([
  "",
  "00-00000000000000000000000000000000-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
  "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
])("%s is no parent", (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

test("a later version that begins like ours is understood", () => {
  expect(parseTraceparent(`01${parent.slice(2)}-more`)?.parentId).toBe("b7ad6b7169203331");
});

test("a span's id says what it is of: the same for the same, another for anything else", () => {
  const path = fc.array(fc.oneof(fc.string(), fc.nat()), { maxLength: 4 });
  fc.assert(
    fc.property(fc.string(), path, path, (run, a, b) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b);
      expect(spanIdOf(run, a) === spanIdOf(run, b)).toBe(isSame);
      expect(spanIdOf(run, a)).toMatch(/^[0-9a-f]{16}$/);
    }),
  );
});
