import fc from "fast-check";
import { expect, test } from "vitest";
import { membersIn, membersOf } from "./graph.ts";
import type { Plan } from "./plan.ts";

const aName = fc.constantFrom("a", "b", "c", "d");
const anInstance = fc.record({ name: aName, group: aName, matrix: fc.constantFrom(undefined, { node: 22 }) });

test("who asks for many names is told the same as who asks for one", () => {
  fc.assert(
    fc.property(fc.array(anInstance, { maxLength: 8 }), aName, (instances, name) => {
      const plan = { instances } as unknown as Pick<Plan, "instances">;
      const members = membersIn(plan);
      expect(members(name)).toEqual(membersOf(plan, name));
      expect(members(name)).toBe(members(name));
    }),
  );
});
