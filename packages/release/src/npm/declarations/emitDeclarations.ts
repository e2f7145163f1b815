import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Files by their path in the clone, without an ending. */
export type Declarations = ReadonlyMap<string, string>;

/**
 * What the compiler says each of the named files declares. Types were checked before; they are not checked again. Nothing is looked up
 * either: each file says the types of what it exports itself, and which other rooms were met first would decide what is written.
 *
 * @param files relative to the clone
 */
export function emitDeclarations(root: string, files: readonly string[]): Declarations {
  const scratch = mkdtempSync(path.join(tmpdir(), "claude-orchestrator-types-"));
  try {
    const out = path.join(scratch, "out");
    const project = path.join(scratch, "tsconfig.json");
    writeFileSync(project, JSON.stringify(projectOf(root, out, files)));
    const compiler = path.join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", project], { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`the declarations cannot be made:\n${stdout}`);
    return new Map(
      globSync("**/*.d.ts", { cwd: out }).map((name) => [
        name
          .split(path.sep)
          .join("/")
          .replace(/\.d\.ts$/, ""),
        readFileSync(path.join(out, name), "utf8"),
      ]),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function projectOf(root: string, outDir: string, files: readonly string[]): object {
  return {
    extends: path.join(root, "tsconfig.base.json"),
    compilerOptions: {
      types: ["node"],
      typeRoots: [path.join(root, "node_modules/@types")],
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      noCheck: true,
      noResolve: true,
      rootDir: root,
      outDir,
    },
    files: files.map((file) => path.join(root, file)),
  };
}
