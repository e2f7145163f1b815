import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const built = fileURLToPath(new URL("../../dist/web", import.meta.url));

/** A piece of the page, as the builder lists it. */
interface Piece {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(built, ".vite/manifest.json"), "utf8")) as Readonly<
  Record<string, Piece>
>;
const entry = "index.html";
/** A folder's screen, or tab, has the folder's name. */
const isScreen = (name: string): boolean => /^src\/screens\/(?:run\/)?(\w+)\/\1\.tsx$/i.test(name);

/** The pieces that come with these, and with what they read later, but for other screens and tabs. */
function withAll(names: readonly string[], readsLater: boolean): ReadonlySet<string> {
  const all = new Set<string>();
  const add = (name: string): void => {
    const piece = manifest[name];
    if (piece === undefined || all.has(name)) return;
    all.add(name);
    for (const each of piece.imports ?? []) add(each);
    if (readsLater) for (const each of piece.dynamicImports ?? []) if (!isScreen(each)) add(each);
  };
  for (const name of names) add(name);
  return all;
}

/** In kB of 1000 bytes. */
function zipped(files: Iterable<string>): number {
  let bytes = 0;
  for (const file of new Set(files)) bytes += gzipSync(readFileSync(join(built, file)), { level: 9 }).length;
  return bytes / 1000;
}

function scripts(names: ReadonlySet<string>): number {
  return zipped([...names].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith(".js")));
}

test("the first screen is read in 160 kB of script and 12 kB of style, zipped", () => {
  const pieces = withAll([entry, "src/screens/now/Now.tsx"], false);
  expect(scripts(pieces)).toBeLessThanOrEqual(160);
  expect(zipped([...pieces].flatMap((name) => manifest[name]?.css ?? []))).toBeLessThanOrEqual(12);
});

test("no screen and no tab of a run needs more than 300 kB of script, zipped, with what it reads later", () => {
  const screens = Object.keys(manifest).filter(isScreen);
  const run = screens.filter((name) => name === "src/screens/run/Run.tsx");
  expect(screens.length).toBeGreaterThan(10);
  const sizes = screens.map((name) => [name, Math.round(scripts(withAll([entry, ...run, name], true)))] as const);
  console.log(sizes.map(([name, size]) => `${name.replace("src/screens/", "")} ${size} kB`).join(", "));
  expect(sizes.filter(([, size]) => size > 300)).toEqual([]);
});
