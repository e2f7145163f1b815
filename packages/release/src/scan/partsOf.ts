import { spawnSync } from "node:child_process";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { mostUnpacked } from "./part.ts";
import type { Part } from "./part.ts";
import { isAr, readAr } from "./readAr.ts";
import { isTar, readTar } from "./readTar.ts";
import { isZip, readZip } from "./readZip.ts";
import { isZstd, zstdFrames } from "./zstdFrames.ts";

interface Container {
  readonly fits: (bytes: Buffer, name: string) => boolean;
  readonly open: (bytes: Buffer) => readonly Part[];
}

const [gzipMark, xzMark] = [Buffer.from([0x1f, 0x8b]), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a])];
const programMarks = ["7f454c46", "4d5a", "cffaedfe", "cafebabe"].map((mark) => Buffer.from(mark, "hex"));
/** What cannot be looked into is never waved through. */
const closedMarks = ["425a68", "377abcaf271c"].map((mark) => Buffer.from(mark, "hex"));

const containers: readonly Container[] = [
  { fits: begins([gzipMark]), open: (bytes) => [unpacked(gunzipSync(bytes, { maxOutputLength: mostUnpacked }))] },
  { fits: isZip, open: readZip },
  { fits: isAr, open: readAr },
  { fits: isTar, open: readTar },
  { fits: begins([xzMark]), open: (bytes) => [unpacked(unxz(bytes))] },
  { fits: isZstd, open: framesIn },
  { fits: begins(programMarks), open: framesIn },
  {
    fits: (bytes, name) => name.endsWith(".br") && bytes.length > 0,
    open: (bytes) => [unpacked(brotliDecompressSync(bytes, { maxOutputLength: mostUnpacked }))],
  },
  {
    fits: begins(closedMarks),
    open: () => {
      throw new Error("it is packed in a way that cannot be looked into");
    },
  },
];

/** What is inside, one layer deep; nothing where it is no container. @throws Error where it is one and cannot be opened */
export function partsOf({ name, bytes }: Part): readonly Part[] {
  return containers.find(({ fits }) => fits(bytes, name))?.open(bytes) ?? [];
}

function begins(marks: readonly Buffer[]): (bytes: Buffer) => boolean {
  return (bytes) => marks.some((mark) => bytes.subarray(0, mark.length).equals(mark));
}

function unpacked(bytes: Buffer): Part {
  return { name: "(unpacked)", bytes };
}

function framesIn(bytes: Buffer): readonly Part[] {
  return zstdFrames(bytes).map((frame, index) => ({ name: `(frame ${index + 1})`, bytes: frame }));
}

/** Node has no xz. */
function unxz(bytes: Buffer): Buffer {
  const { status, stdout } = spawnSync("xz", ["--decompress", "--stdout"], { input: bytes, maxBuffer: mostUnpacked });
  if (status !== 0) throw new Error("`xz` is not there or cannot unpack it");
  return stdout;
}
