import { expect, test } from "vitest";
import { rollUp } from "./rollUp.ts";

const doors = { "@rooms/domain": "domain/index" };
const rolled = (files: Readonly<Record<string, string>>): string =>
  rollUp(new Map(Object.entries(files)), { entry: "library/index", doors });

const domain = {
  "domain/index": 'export * from "./plan.ts";\nexport { type Id } from "./ids.ts";\n',
  "domain/ids":
    "declare const brand: unique symbol;\n/** One. */\nexport type Id = string & {\n    readonly [brand]: true;\n};\nexport {};\n",
  "domain/plan":
    'import type { Id } from "./ids.ts";\nexport interface Plan {\n    readonly id: Id;\n}\nexport interface Unused {\n}\n',
};

test("what the entry hands on is exported, what that needs is not, and the rest is left out", () => {
  const text = rolled({
    ...domain,
    "library/index":
      'import type { Wish } from "./wish.ts";\nexport type { Plan } from "@rooms/domain";\n/** Does it. */\nexport declare function run(wish: Wish): void;\n',
    "library/wish":
      'import type { Plan } from "@rooms/domain";\n/** A wish. */\nexport interface Wish {\n    readonly plan: Plan;\n}\n',
  });
  expect(text).toBe(
    [
      "export interface Plan {\n    readonly id: Id;\n}",
      "/** Does it. */\nexport declare function run(wish: Wish): void;",
      "/** One. */\ntype Id = string & {\n    readonly [brand]: true;\n};",
      "/** A wish. */\ninterface Wish {\n    readonly plan: Plan;\n}",
      "declare const brand: unique symbol;",
      "export {};\n",
    ].join("\n\n"),
  );
});

test.each([
  [
    "two things of one name",
    'import type { A } from "./a.ts";\nimport type { B } from "./b.ts";\nexport type C = A | B;\n',
    "two things are called Same: in library/a and in library/b",
  ],
  [
    "what comes from elsewhere",
    'export type { Server } from "node:http";\n',
    "node:http is outside of what is declared",
  ],
  ["what has another name there", 'export type { A as Z } from "./a.ts";\n', "A is handed on as Z: give it one name"],
  ["a statement it does not know", "export = 1;\n", "cannot be rolled up: export = 1;"],
])("%s is refused", (_what, index, message) => {
  const files = {
    "library/index": index,
    "library/a": "interface Same {\n}\nexport type A = Same;\n",
    "library/b": "interface Same {\n}\nexport type B = Same;\n",
  };
  expect(() => rolled(files)).toThrow(message);
});
