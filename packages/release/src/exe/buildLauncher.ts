import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { filesBelow } from "./makePack.ts";
import { runTool, type Words } from "./runTool.ts";
import type { Target } from "./targets.ts";

const warnings = ["-Wall", "-Wextra", "-Werror"];
const common = ["-std=gnu11", "-fstack-protector-strong", "-ffunction-sections", "-fdata-sections"];

/** Read by `system.h`'s callers everywhere but on Windows, whose launcher stands by itself. */
const posixSources = ["main", "cache", "tree", "folder", "program", "trouble", "unpack", "pack", "digest", "slot"];
const windowsSources = ["windows", "windowsCache", "unpack", "pack", "digest", "slot"];
const sourcesOf: Readonly<Record<Target["format"], readonly string[]>> = {
  elf: [...posixSources, "linux"],
  "mach-o": [...posixSources, "macos"],
  pe: windowsSources,
};

/** What hashes and unpacks is made fast, the rest small. */
const fast = ["unpack"];

const vectorFlags: Readonly<Record<Target["processor"], Readonly<Record<string, readonly string[]>>>> = {
  x64: {
    blake3_sse2: ["-msse2"],
    blake3_sse41: ["-msse4.1"],
    blake3_avx2: ["-mavx2"],
    blake3_avx512: ["-mavx512f", "-mavx512vl"],
  },
  arm64: { blake3_neon: [] },
};

/**
 * A target's launcher, without anything packed behind it. Compiled once for each state of its sources, flags and compiler.
 *
 * @param cache where it is kept
 */
export function builtLauncher(target: Target, source: string, cache: string): string {
  const hash = createHash("sha256").update(JSON.stringify([target, unitsOf(target)]));
  hash.update(runTool([target.compiler[0], "--version"], { cwd: source, debian: target.debian }));
  for (const { name, source: file } of filesBelow(source).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(name).update(readFileSync(file));
  }
  const kept = path.join(cache, `launcher-${target.platform}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(kept)) return kept;
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator launcher-"));
  try {
    const part = `${kept}.part-${process.pid}`;
    copyFileSync(buildLauncher(target, source, folder), part);
    renameSync(part, kept);
    return kept;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles it. Answers its path. */
function buildLauncher(target: Target, source: string, folder: string): string {
  const objects = unitsOf(target).map(({ name, file, flags }) => {
    const object = path.join(folder, `${name}.o`);
    const isOurs = !file.startsWith("vendor/");
    const own = isOurs ? warnings : [];
    const words = [...common, ...systemFlags(target, source), ...own, ...flags];
    // Neither the folder it is made in nor the time are in it.
    words.push(`-ffile-prefix-map=${source}=launcher`, "-c", path.join(source, file), "-o", object);
    runTool([...target.compiler, ...words], { cwd: folder, debian: target.debian });
    return object;
  });
  const launcher = path.join(folder, target.format === "pe" ? "launcher.exe" : "launcher");
  runTool(linkWords(target, source, objects, launcher), { cwd: folder, debian: target.debian });
  return launcher;
}

interface Unit {
  readonly name: string;
  readonly file: string;
  readonly flags: readonly string[];
}

function unitsOf(target: Target): readonly Unit[] {
  const ours = sourcesOf[target.format].map((name) => ({
    name,
    file: `${name}.c`,
    flags: [fast.includes(name) ? "-O2" : "-Os"],
  }));
  const plain = ["blake3", "blake3_dispatch", "blake3_portable"].map((name) => [name, []] as const);
  const hashing = [...plain, ...Object.entries(vectorFlags[target.processor])].map(([name, flags]) => ({
    name,
    file: `vendor/blake3/${name}.c`,
    flags: ["-O3", ...flags],
  }));
  return [...ours, ...hashing];
}

/** Apple's headers may not be passed on: the few declarations that are needed are our own. */
function systemFlags({ format }: Target, source: string): readonly string[] {
  return format === "mach-o" ? ["-ffreestanding", "-isystem", path.join(source, "macos/include")] : [];
}

/** Libraries come last: what needs them is read before. */
function linkWords(target: Target, source: string, objects: readonly string[], launcher: string): Words {
  const libraries: Readonly<Record<Target["format"], readonly string[]>> = {
    elf: [],
    pe: ["-ladvapi32"],
    "mach-o": [path.join(source, "macos/libSystem.tbd")],
  };
  return [...target.compiler, ...target.linking, ...objects, ...libraries[target.format], "-o", launcher];
}
