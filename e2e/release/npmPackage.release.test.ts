/** What the npm form holds, and that it holds the same wherever it is made. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { root } from "./support/places.ts";

const shelf = inject("shelf");
const tarball = path.join(shelf, "npm.tgz");

let folder: string;
/** The package as it is unpacked, in a `node_modules`. */
let unpacked: string;
let files: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "orchestrator package "));
  unpacked = path.join(folder, "node_modules/claude-orchestrator");
  mkdirSync(unpacked, { recursive: true });
  execute("tar", ["-xzf", tarball, "--strip-components=1", "-C", unpacked]);
  files = execute("tar", ["-tzf", tarball])
    .trim()
    .split("\n")
    .map((name) => name.replace(/^package\//, ""));
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function execute(program: string, words: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8" });
  expect([status, status === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  return stdout;
}

/** Programs, the page, manual pages, completions. */
const readable = "1 bash css fish html ico js json mjs mts png ps1 svg webmanifest woff2"
  .split(" ")
  .map((kind) => `.${kind}`);

describe("the package", () => {
  test("holds what npm itself would pack of it, and nothing else", () => {
    const words = [path.join(shelf, "npm/bin/npm-cli.js"), "pack", "--dry-run", "--json", "--ignore-scripts"];
    const packed = JSON.parse(execute(process.execPath, words, unpacked)) as readonly {
      readonly files: readonly { readonly path: string }[];
    }[];
    expect(packed[0]?.files.map((file) => file.path).toSorted()).toEqual(files.toSorted());
  });

  test("holds only what is run or read", () => {
    const others = files.filter(
      (name) => !/^(?:completions|dist|man)\//.test(name) || !readable.includes(path.extname(name)),
    );
    expect(others).toEqual([
      "LICENSE",
      "README.md",
      "THIRD-PARTY-LICENSES",
      // The name zsh looks for.
      "completions/_claude-orchestrator",
      "package.json",
    ]);
    // Of sources and tests nothing but what compilers read.
    expect(files.filter((name) => /\.(?:map|ts|tsx|mts)$|\.test\.|\/meta\./.test(name))).toEqual([
      "dist/library.d.mts",
    ]);
  });

  test("depends on nothing, runs nothing when it is installed, and is ready to be published with provenance", () => {
    const manifest = JSON.parse(readFileSync(path.join(unpacked, "package.json"), "utf8")) as Record<string, unknown>;
    for (const name of [
      "dependencies",
      "optionalDependencies",
      "peerDependencies",
      "scripts",
      "private",
      "workspaces",
    ]) {
      expect(manifest).not.toHaveProperty(name);
    }
    expect(manifest).toMatchObject({
      name: "claude-orchestrator",
      engines: { node: "^22.22.0 || >=24.0.0" },
      publishConfig: { access: "public", provenance: true },
    });
    expect((statSync(path.join(unpacked, "dist/cli.mjs")).mode & 0o777).toString(8)).toBe("755");
  });

  test("tells nothing of the machine it was made on", () => {
    const words = [root.replace(/\/$/, ""), homedir() + path.sep, tmpdir() + path.sep].filter(
      (word) => word.length > 4,
    );
    const name = new RegExp(`\\b${hostname().replaceAll(/[^\w-]/g, ".")}\\b`);
    const telling = files.filter((file) => {
      const text = readFileSync(path.join(unpacked, file), "latin1");
      return words.some((word) => text.includes(word)) || (hostname().length > 4 && name.test(text));
    });
    expect(telling).toEqual([]);
  });

  test("holds the licence of every package whose code is inside", () => {
    const text = readFileSync(path.join(unpacked, "THIRD-PARTY-LICENSES"), "utf8");
    // Of the program, of its server, of the page, and of the page's worker.
    for (const name of ["commander", "yaml", "fastify", "find-my-way", "react-dom", "lucide-react", "@dagrejs/dagre"]) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, "m"));
    }
    expect(text).toContain("Permission is hereby granted");
  });
});

describe("a program of somebody else's in TypeScript", () => {
  const consumer = `import { plan, run, UserError } from "claude-orchestrator";
import type { LoggedEvent, Plan, PlanProblem, RunHandle, RunResult, Verdict } from "claude-orchestrator";

const { ok, plan: planned, problems } = await plan("fleet.yaml", { only: ["a"], variables: { n: 1 } });
const names: readonly string[] = planned === undefined ? problems.map(({ message }: PlanProblem) => message) : namesOf(planned);
const handle: RunHandle = await run({ instances: [{ name: "a", run: ["true"] }] }, { signal: AbortSignal.timeout(1000), budgetUsd: 1 });
for await (const event of handle) tell(event);
const result: RunResult = await handle.stop({ force: true });
const verdicts: readonly Verdict[] = result.instances.map(({ verdict }) => verdict);
export { ok, names, verdicts };

function namesOf({ instances }: Plan): readonly string[] {
  return instances.map(({ name }) => name);
}

function tell(event: LoggedEvent): void {
  if (event.type === "instance-settled") console.log(event.seq, event.instance, event.verdict);
  if (event.type === "run-settled") console.log(new Date(event.at), event.outcome);
}

export async function tryIt(): Promise<string> {
  await using fleet = await run("fleet.yaml").catch((error: unknown) => {
    if (error instanceof UserError) console.log(error.code, error.hint);
    throw error;
  });
  return fleet.id;
}
`;
  const wrong = `import { run } from "claude-orchestrator";
await run("fleet.yaml", { budget: 1 });
`;

  test.each(["nodenext", "bundler"])(
    "compiles against its types, strictly, with module resolution %s",
    (resolution) => {
      const project = path.join(folder, resolution);
      mkdirSync(path.join(project, "node_modules/@types"), { recursive: true });
      symlinkSync(unpacked, path.join(project, "node_modules/claude-orchestrator"));
      for (const name of ["@types/node", "undici-types"]) {
        symlinkSync(path.join(root, "node_modules", name), path.join(project, "node_modules", name));
      }
      writeFileSync(path.join(project, "package.json"), '{ "type": "module" }');
      writeFileSync(path.join(project, "right.ts"), consumer);
      writeFileSync(path.join(project, "wrong.ts"), wrong);
      const compilerOptions = {
        target: "es2024",
        module: resolution === "nodenext" ? "nodenext" : "esnext",
        moduleResolution: resolution,
        lib: ["es2024", "esnext.disposable"],
        types: ["node"],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        preserveSymlinks: true,
      };
      writeFileSync(
        path.join(project, "tsconfig.json"),
        JSON.stringify({ compilerOptions, files: ["right.ts", "wrong.ts"] }),
      );
      const compiler = path.join(root, "node_modules/typescript/bin/tsc");
      const { stdout } = spawnSync(process.execPath, [compiler, "-p", "."], { cwd: project, encoding: "utf8" });
      expect(stdout.trim().split("\n")).toEqual([
        expect.stringMatching(/^wrong\.ts.*'budget' does not exist in type 'RunOptions'/),
      ]);
    },
  );
});
