/** The oldest of something an executable starts on. */
export interface LeastVersion {
  readonly major: number;
  readonly minor: number;
}

const glibcMark = Buffer.from("\0GLIBC_");
const longestVersion = 8;

/** The newest glibc of which the ELF file names a symbol: on an older one it does not start. @throws Error where it names none */
export function glibcNeeded(elf: Buffer): LeastVersion {
  const found: LeastVersion[] = [];
  for (let at = elf.indexOf(glibcMark); at !== -1; at = elf.indexOf(glibcMark, at + 1)) {
    const start = at + glibcMark.length;
    const [, major, minor] =
      /^(\d+)\.(\d+)(?:\.\d+)?\0/.exec(elf.toString("latin1", start, start + longestVersion)) ?? [];
    if (minor !== undefined) found.push({ major: Number(major), minor: Number(minor) });
  }
  const newest = found.toSorted((a, b) => b.major - a.major || b.minor - a.minor)[0];
  if (newest === undefined) throw new Error("the runtime names no version of glibc");
  return newest;
}

const headerSize = 32;
/** LC_VERSION_MIN_MACOSX and LC_BUILD_VERSION, and where in each the version stands. */
const versionAt: ReadonlyMap<number, number> = new Map([
  [0x24, 8],
  [0x32, 12],
]);

/** The macOS that the Mach-O file was built for. @throws Error where it does not say */
export function macosNeeded(machO: Buffer): LeastVersion {
  for (let at = headerSize, left = machO.readUInt32LE(16); left > 0; left--) {
    const offset = versionAt.get(machO.readUInt32LE(at));
    if (offset !== undefined) {
      const version = machO.readUInt32LE(at + offset);
      return { major: version >>> 16, minor: (version >>> 8) & 0xff };
    }
    at += machO.readUInt32LE(at + 4);
  }
  throw new Error("the runtime does not say which macOS it needs");
}
