import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const screensFolder = fileURLToPath(new URL("../../packages/web/src/screens", import.meta.url));

/** The tabs of a run, as the page's own table has them. */
export function tabNames(): readonly string[] {
  const text = readFileSync(join(screensFolder, "run/tabs.ts"), "utf8");
  return [...text.matchAll(/\bname: "(\w+)"/g)].flatMap(([, name]) => name ?? []);
}

/** What the page reads from its address, taken from its code: "runs: text" for each folder of a screen and each name. */
export function addressParts(): readonly string[] {
  const parts = readdirSync(screensFolder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
    .flatMap((path) => {
      const text = readFileSync(join(screensFolder, path), "utf8");
      return [...text.matchAll(/\buseParam\(\s*"([\w-]+)"/g)].map(([, name]) => `${dirname(path)}: ${name ?? ""}`);
    });
  return [...new Set(parts)].toSorted();
}
