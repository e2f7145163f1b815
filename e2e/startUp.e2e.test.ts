import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Output {
  readonly bytes: number;
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  readonly inputs: Readonly<Record<string, unknown>>;
}

test.each(["run/showPlan.ts", "run/runFleet.ts", "supervise/door.ts", "history/door.ts"])(
  "%s, and what it cannot do without, brings neither HTTP and TLS nor what few runs need",
  (file) => {
    const read = readBefore(file);
    const inputs = read.flatMap((output) => Object.keys(output.inputs)).join("\n");
    const builtins = read.flatMap((output) => output.imports.map(({ path }) => path)).join("\n");
    expect(inputs).toContain(file);
    for (const late of ["builtin:", "/ajv/", "/croner/", "/tuf-js/", "packages/gateway/", "packages/telemetry/"]) {
      expect(inputs).not.toContain(late);
    }
    for (const late of ["node:http", "node:tls", "node:sqlite"]) expect(builtins).not.toContain(late);
  },
);

test("nothing but the reading of a file brings the readers of YAML and the schema", () => {
  const inputs = readBefore("run/runFleet.ts").flatMap((output) => Object.keys(output.inputs));
  expect(inputs.join("\n")).not.toMatch(/\/(?:yaml|zod)\//);
});

/** The files of the bundle that are read before the first line of a file of the program runs. */
function readBefore(file: string): readonly Output[] {
  const meta: { readonly outputs: Readonly<Record<string, Output>> } = JSON.parse(
    readFileSync(new URL("../dist/meta.json", import.meta.url), "utf8"),
  );
  const isEntry = ([, { entryPoint }]: [string, Output]): boolean => entryPoint?.endsWith(`cli/src/${file}`) === true;
  const waiting = Object.entries(meta.outputs).filter(isEntry);
  const read = new Map(waiting);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { path, kind } of next[1].imports) {
      const output = meta.outputs[path];
      if (kind !== "import-statement" || output === undefined || read.has(path)) continue;
      read.set(path, output);
      waiting.push([path, output]);
    }
  }
  return [...read.values()];
}
