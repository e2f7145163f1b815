import { runtimeBytes } from "../exe/runtimeBytes.ts";
import { glibcNeeded, macosNeeded } from "../exe/systemNeeds.ts";
import type { Target } from "../exe/targets.ts";

/** The launcher itself needs less: what decides is the Node inside, read from its own file. */
export function wheelTag(target: Target, root: string): string {
  return target.format === "pe" ? "win_amd64" : tagOf(target, runtimeBytes(target, root));
}

/** The platform as pip calls it. */
export function tagOf({ format, processor }: Pick<Target, "format" | "processor">, runtime: Buffer): string {
  if (format === "elf") {
    const { major, minor } = glibcNeeded(runtime);
    return `manylinux_${major}_${minor}_${processor === "x64" ? "x86_64" : "aarch64"}`;
  }
  const { major, minor } = macosNeeded(runtime);
  // pip knows no minor versions of macOS any more: what would not start on 13.0 is for 14.
  return `macosx_${minor === 0 ? major : major + 1}_0_${processor === "x64" ? "x86_64" : "arm64"}`;
}
