import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A package that is installed, and which of its modules are inside. */
export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string;
  readonly needs?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly modules?: readonly string[];
}

export interface SmallClone {
  readonly root: string;
  readonly bundle: string;
  readonly version: string;
  readonly commit: string;
  readonly sourceDateEpoch: number;
  [Symbol.dispose](): void;
}

const integrity = `sha512-${Buffer.alloc(64, 7).toString("base64")}`;
const builders = {
  "node_modules/esbuild": { version: "1.1.1", integrity },
  "node_modules/vite": { version: "2.2.2", integrity },
};

/**
 * A clone with as little as a release reads of one: a lockfile, packages, and what both bundlers say.
 *
 * @param page the packages whose modules are in the page instead
 */
export function makeSmallClone(
  packages: readonly InstalledPackage[],
  page: readonly InstalledPackage[] = [],
): SmallClone {
  const root = mkdtempSync(path.join(tmpdir(), "claude-orchestrator clone-"));
  const bundle = path.join(root, "dist");
  mkdirSync(bundle);
  const all = [...packages, ...page];
  for (const each of all) install(root, each);
  const rooms = {
    "packages/cli": { version: "1.2.3", dependencies: asked(packages) },
    "packages/web": { version: "1.2.3", dependencies: asked(page) },
  };
  const locked = all.map(({ folder, version, needs }) => [folder, { version, integrity, dependencies: needs ?? {} }]);
  write(root, "package-lock.json", { packages: { ...builders, ...rooms, ...Object.fromEntries(locked) } });
  write(
    bundle,
    "meta.json",
    meta("dist/cli.mjs", ["packages/cli/src/main.ts", "builtin:node:http", ...modulesOf(packages)]),
  );
  write(bundle, "meta.web.json", meta("dist/web/index.js", ["packages/web/src/main.tsx", ...modulesOf(page)]));
  return {
    root,
    bundle,
    version: "1.2.3",
    commit: "c0ffee",
    sourceDateEpoch: 1_700_000_000,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function install(root: string, { folder, version, license = "MIT", author, text }: InstalledPackage): void {
  mkdirSync(path.join(root, folder), { recursive: true });
  const name = folder.split("node_modules/").at(-1);
  write(path.join(root, folder), "package.json", {
    name,
    version,
    license,
    ...(author === undefined ? {} : { author }),
  });
  if (text !== undefined) writeFileSync(path.join(root, folder, "LICENSE"), text);
}

/** Those at the top are asked for by a room. */
function asked(packages: readonly InstalledPackage[]): Readonly<Record<string, string>> {
  const needed = new Set(packages.flatMap(({ needs = {} }) => Object.keys(needs)));
  const names = packages.map(({ folder }) => folder.split("node_modules/").at(-1) ?? "");
  return Object.fromEntries(names.filter((name) => !needed.has(name)).map((name) => [name, "*"]));
}

function modulesOf(packages: readonly InstalledPackage[]): readonly string[] {
  return packages.flatMap(({ folder, modules = ["index.js"] }) => modules.map((name) => `${folder}/${name}`));
}

function meta(output: string, modules: readonly string[]): object {
  return { outputs: { [output]: { inputs: Object.fromEntries(modules.map((name) => [name, {}])) } } };
}

function write(folder: string, name: string, value: object): void {
  writeFileSync(path.join(folder, name), JSON.stringify(value));
}
