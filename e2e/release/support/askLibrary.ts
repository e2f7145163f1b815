import { expect } from "vitest";
import type { Person } from "./person.ts";

/** What `askLibrary` gives where all is well. */
export const answeredWell = {
  ok: true,
  first: "run-created",
  last: "run-settled",
  outcome: "succeeded",
  refused: "file-not-readable",
  isRequired: true,
};

/** Runs a program of somebody else's in the person's folder, that plans and runs a fleet by the published door. */
export async function askLibrary(person: Person, node: readonly string[]): Promise<unknown> {
  person.write(
    "asks.mjs",
    `import { createRequire } from "node:module";
import { plan, run, UserError } from "claude-orchestrator";
const isRequired = createRequire(import.meta.url)("claude-orchestrator").run === run;
const fleet = { instances: [{ name: "a", run: ["sh", "-c", "echo hello"] }] };
const { ok } = await plan(fleet);
const handle = await run(fleet);
const types = [];
for await (const event of handle) types.push(event.type);
const { outcome } = await handle.result;
const refused = await run("missing.yaml").catch((error) => error instanceof UserError && error.code);
console.log(JSON.stringify({ ok, first: types[0], last: types.at(-1), outcome, refused, isRequired }));
`,
  );
  const { code, out, talk } = await person.run([...node, "asks.mjs"]);
  expect([code, code === 0 ? "" : talk]).toEqual([0, ""]);
  return JSON.parse(out);
}
