import fc from "fast-check";
import { expect, test } from "vitest";
import { fragmentsOf } from "./webSocket.ts";

test("a message is the same however it is cut, and what is long is never copied", () => {
  const aPart = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.integer({ min: 0, max: 3000 }).map((size) => Buffer.alloc(size, "x")),
  );
  fc.assert(
    fc.property(fc.array(aPart, { minLength: 1, maxLength: 20 }), (parts) => {
      const fragments = fragmentsOf(["{", ...parts]);
      expect(Buffer.concat([...fragments]).toString()).toBe(["{", ...parts].map(String).join(""));
      expect(fragments.filter(({ length }) => length === 0)).toEqual([]);
      const long: readonly unknown[] = parts.filter((part) => part.length > 1024);
      expect(fragments.filter((fragment) => long.includes(fragment))).toEqual(long);
    }),
  );
});
