import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, UserError } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Interaction } from "./interaction.ts";
import { indented, notUsable, readTape, sectionsOf } from "./tapeText.ts";

/*
 * A cassette: `cassette.json`, a tape for each instance in `tapes/`, and `parts.txt` with the long parts of requests. While it
 * is recorded the tapes grow; `cassette.json` is written last, with the digest of every other file.
 */

const version = 1;
const sealName = "cassette.json";
const partsName = "parts.txt";
const tapesName = "tapes";

export interface Cassette {
  /** By instance. */
  readonly tapes: ReadonlyMap<string, readonly Interaction[]>;
  readonly parts: ReadonlyMap<string, string>;
  /** The versions of the agents' programs it was recorded with, by agent. */
  readonly programs: Readonly<Record<string, string>>;
  /** Instances that were cut off while they were recorded: what they asked then is not on their tapes. */
  readonly cut: readonly string[];
}

/** What is written of a recording beside its tapes, at its end. */
export interface AboutRecording {
  readonly version: string;
  readonly programs: Readonly<Record<string, string>>;
  readonly cut: readonly string[];
}

/** Whether something is in this folder already. */
export function isRecorded(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** Whether the recording in this folder has been ended. */
export function isSealed(folder: string): boolean {
  return existsSync(join(folder, sealName));
}

/** The file of an instance's tape, relative to the cassette. A name may hold what a file name may not. */
export function tapeName(instance: string): string {
  return `${tapesName}/${encodeURIComponent(instance).replaceAll("*", "%2A")}.txt`;
}

/**
 * A cassette as it was recorded.
 *
 * @throws UserError cassette-not-usable where there is none, its recording was not ended, or a file of it is not what was recorded
 */
export function readCassette(folder: string): Cassette {
  const { seal, programs, cut } = readSeal(folder);
  const sums = Object.entries(seal);
  for (const [name, sum] of sums) {
    if (sumOf(readText(folder, name)) === sum) continue;
    throw new UserError("cassette-not-usable", `${join(folder, name)} is not what was recorded`, {
      hint: "put it back as it was, or record the run again with --record and a new folder",
    });
  }
  const left = filesOf(folder).find((name) => !Object.hasOwn(seal, name));
  if (left !== undefined) {
    throw new UserError("cassette-not-usable", `${join(folder, left)} was not recorded with the rest of the cassette`, {
      hint: "remove it, or record the run again with --record and a new folder",
    });
  }
  const names = sums.map(([name]) => name).filter((name) => name !== partsName);
  return {
    tapes: new Map(names.map((name) => [instanceOf(name), readTape(readText(folder, name), name)])),
    parts: readParts(folder),
    programs,
    cut,
  };
}

/** What is kept while a run is recorded: each interaction is on disk as soon as it is over. */
export class CassetteWriter {
  readonly #folder: string;
  readonly #tapes = new Map<string, Interaction[]>();
  readonly #parts: Map<string, string>;

  /** Goes on with what an earlier supervisor recorded there. @throws UserError cassette-not-usable */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      mkdirSync(join(folder, tapesName), { recursive: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserError("cassette-not-usable", `Nothing can be recorded in ${folder}: ${why}`, { cause: error });
    }
    this.#parts = new Map(readParts(folder));
    for (const name of filesOf(folder).filter((each) => each !== partsName)) {
      this.#tapes.set(instanceOf(name), [...readTape(readText(folder, name), name)]);
    }
  }

  /** The interactions of an instance so far. */
  tape(instance: string): readonly Interaction[] {
    return this.#tapes.get(instance) ?? [];
  }

  add(instance: string, text: string, interaction: Interaction): void {
    appendFileSync(join(this.#folder, tapeName(instance)), text);
    this.#tapes.set(instance, [...this.tape(instance), interaction]);
  }

  addParts(parts: ReadonlyMap<string, string>): void {
    for (const [digest, text] of parts) {
      if (this.#parts.has(digest)) continue;
      this.#parts.set(digest, text);
      appendFileSync(join(this.#folder, partsName), [`@@ part ${digest}`, ...indented(text), ""].join("\n"));
    }
  }

  /** Writes the digests: from now on it can be played. */
  seal(about: AboutRecording): void {
    const sums = filesOf(this.#folder).map((name) => [name, sumOf(readText(this.#folder, name))] as const);
    const seal = {
      cassette: version,
      recorded_by: about.version,
      agents: about.programs,
      ...(about.cut.length === 0 ? {} : { cut: about.cut }),
      sha256: Object.fromEntries(sums),
    };
    writeFileSync(join(this.#folder, sealName), `${JSON.stringify(seal, undefined, 2)}\n`);
  }
}

function readSeal(folder: string): Pick<Cassette, "programs" | "cut"> & {
  readonly seal: Readonly<Record<string, string>>;
} {
  if (!existsSync(join(folder, sealName))) {
    const what = existsSync(join(folder, tapesName))
      ? `The recording in ${folder} was never ended: it has no ${sealName}`
      : `There is no cassette in ${folder}`;
    throw new UserError("cassette-not-usable", what, { hint: "record one: run FILE --record FOLDER" });
  }
  const value = parsed(readText(folder, sealName));
  if (value?.["cassette"] !== undefined && value["cassette"] !== version) {
    throw new UserError("cassette-not-usable", `The cassette in ${folder} was made by a release with another format`, {
      hint: "record the run again with --record and a new folder",
    });
  }
  const seal = textsIn(value?.["sha256"]);
  const isKnown = seal !== undefined && Object.keys(seal).every((name) => name === partsName || isTapeName(name));
  if (value?.["cassette"] !== version || !isKnown) {
    throw new UserError("cassette-not-usable", `${join(folder, sealName)} is not what this program wrote there`, {
      hint: "put it back as it was, or record the run again with --record and a new folder",
    });
  }
  return { seal, programs: textsIn(value["agents"]) ?? {}, cut: namesIn(value["cut"]) };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textsIn(value: JsonValue | undefined): Readonly<Record<string, string>> | undefined {
  if (value === undefined || !isJsonObject(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === "string")
    ? Object.fromEntries(entries)
    : undefined;
}

function namesIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function filesOf(folder: string): readonly string[] {
  const tapes = existsSync(join(folder, tapesName)) ? readdirSync(join(folder, tapesName)) : [];
  const own = tapes.map((name) => `${tapesName}/${name}`).filter(isTapeName);
  return [...(existsSync(join(folder, partsName)) ? [partsName] : []), ...own.toSorted()];
}

/** Never a way out of the cassette's folder. */
function isTapeName(name: string): boolean {
  return /^tapes\/[A-Za-z0-9_.!~'()%-]+\.txt$/.test(name) && tapeName(instanceOf(name)) === name;
}

function instanceOf(name: string): string {
  const encoded = name.slice(tapesName.length + 1, -".txt".length);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return "";
  }
}

function readParts(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(join(folder, partsName))) return new Map();
  const sections = sectionsOf(readText(folder, partsName), partsName);
  return new Map(
    sections.map(({ title, text, line }) => {
      const [, digest] = /^part ([0-9a-f]{12})$/.exec(title) ?? [];
      if (digest === undefined) throw notUsable(partsName, line, "a part should begin here");
      return [digest, text];
    }),
  );
}

function readText(folder: string, name: string): string {
  try {
    // Git may change line ends on a file's way to another machine: they do not count.
    return readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new UserError("cassette-not-usable", `${join(folder, name)} cannot be read (${code})`, {
      hint: "put it back as it was, or record the run again with --record and a new folder",
      cause: error,
    });
  }
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
