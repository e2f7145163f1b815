/** What the released program says is inside, against what is inside. */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { root } from "./support/places.ts";

const made = path.join(inject("shelf"), "made");
const [cycloneDxFile = ""] = globSync("*-npm.cdx.json", { cwd: made });
const [spdxFile = ""] = globSync("*-npm.spdx.json", { cwd: made });

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "orchestrator sbom "));
  mkdirSync(path.join(folder, "package"));
  const [tarball = ""] = globSync("*.tgz", { cwd: made });
  const { status, stderr } = spawnSync("tar", ["-xzf", path.join(made, tarball)], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function printed(...words: readonly string[]): string {
  const program = path.join(folder, "package/dist/cli.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "sbom", ...words], {
    cwd: folder,
    env: { HOME: folder },
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

test("the program prints the very SBOMs that lie beside it", () => {
  expect(printed()).toBe(readFileSync(path.join(made, cycloneDxFile), "utf8"));
  expect(printed("--format", "cyclonedx")).toBe(printed());
  expect(printed("--format", "spdx")).toBe(readFileSync(path.join(made, spdxFile), "utf8"));
});

test("they name each package that both bundlers say is inside, and no other", () => {
  const modules = ["meta.json", "meta.web.json"].flatMap((name) => {
    const meta = JSON.parse(readFileSync(path.join(root, "dist", name), "utf8")) as {
      readonly outputs: Readonly<Record<string, { readonly inputs: object }>>;
    };
    return Object.values(meta.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  });
  const inside = modules
    .flatMap((name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? [])
    .map((each) => {
      const { name, version } = JSON.parse(readFileSync(path.join(root, each, "package.json"), "utf8")) as {
        readonly name: string;
        readonly version: string;
      };
      return `pkg:npm/${name.replace("@", "%40")}@${version}`;
    });
  const { components } = JSON.parse(printed()) as { readonly components: readonly { readonly purl: string }[] };
  expect(components.map(({ purl }) => purl)).toEqual([...new Set(inside)].toSorted());
});

test("each component's licence has its text, or is named where its makers left the text out", () => {
  const texts = printed("--licenses");
  const { components } = JSON.parse(printed()) as {
    readonly components: readonly { readonly group?: string; readonly name: string; readonly version: string }[];
  };
  const missing = components
    .map(({ group, name, version }) => `\n${group === undefined ? "" : `${group}/`}${name} ${version} (`)
    .filter((head) => !texts.includes(head));
  expect(missing).toEqual([]);
  expect(texts.match(/^Its package holds no text/gm)).toHaveLength(2);
});
