import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { packageJson } from "./packageJson.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

test("the published package says which Node it starts on, though no manifest of the clone does", () => {
  expect(JSON.parse(packageJson({ version: "1.2.3", root }, { man: [] }))).toMatchObject({
    version: "1.2.3",
    engines: { node: "^22.22.0 || >=24.0.0" },
    license: "MIT",
  });
});
