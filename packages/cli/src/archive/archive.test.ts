import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { foldRun, makeRunId, UserError } from "@claude-orchestrator/domain";
import type { KeySource, LoggedEvent, RunEvent, RunId } from "@claude-orchestrator/domain";
import { createRunLog, openRunLog } from "@claude-orchestrator/store";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOf } from "../testing/answerOf.ts";
import { anyRun } from "../testing/arbitraryRun.ts";
import { makeFolder } from "../testing/folder.ts";
import {
  created,
  ended,
  noon,
  planned,
  plannedThroughGateway,
  runSettled,
  samplePlan,
  settled,
} from "../testing/sampleRun.ts";
import { exportRun } from "./exportRun.ts";
import { maskedEvent } from "./exportSources.ts";
import { importRun, type ImportFlags } from "./importRun.ts";
import { createMasker } from "./masker.ts";
import { encodeTarHeader, tarPadding } from "./tarHeader.ts";

const run = makeRunId(noon, () => 0.25);
const key = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789";
const password = 'p"ss wörd/9';

const exporting = { output: "run.tar.gz", json: false, "runs-dir": "runs" };
const importing: ImportFlags = { "max-size": undefined, json: false, "runs-dir": "imported" };

/** A run's folder of these events, with these files beside the log. */
async function writeRun(
  runs: string,
  events: readonly RunEvent[],
  files: Readonly<Record<string, string | Buffer>> = {},
): Promise<string> {
  const directory = join(runs, run);
  let at = noon;
  const log = createRunLog(directory, run, { clock: { wall: () => (at += 7) }, programVersion: "0.1.0" });
  for (const event of events) log.append(event.type === "run-created" ? { ...event, id: run } : event);
  await log.close();
  mkdirSync(join(directory, "attempts"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

function readEvents(directory: string): readonly LoggedEvent[] {
  const log = openRunLog(directory);
  const events = [...log.events()];
  expect(log.damage()).toEqual([]);
  log.close();
  return events;
}

function sampleEvents(text = "fine"): readonly RunEvent[] {
  return [
    created(samplePlan(["one"])),
    { type: "run-started" },
    planned("one"),
    ended("one", { result: text }),
    settled("one"),
    runSettled(),
  ];
}

test("any run that is exported and imported folds to the same state but for what was masked", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (events) => {
      using folder = makeFolder();
      const original = await writeRun(join(folder.path, "runs"), events);
      await answerOf((io) => exportRun([run], exporting, io), folder.path);
      await answerOf((io) => importRun(["run.tar.gz"], importing, io), folder.path);
      const masker = createMasker({});
      const expected = readEvents(original).map((event) => maskedEvent(event, masker));
      const found = readEvents(join(folder.path, "imported", run));
      expect(found).toEqual(expected);
      expect(foldRun(found)).toEqual(foldRun(expected));
    }),
    { numRuns: 25 },
  );
}, 60_000);

describe("an exported run", () => {
  test("holds no secret value and nothing in the shape of a key, and counts what was masked", async () => {
    using folder = makeFolder();
    const pem = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n".repeat(20)}-----END PRIVATE KEY-----`;
    const output = `${"x".repeat(1_048_400)}\n${pem}\nthe key is ${key} and ${password}\n`;
    const files = { "attempts/001-one-1.stdout": output, "result.json": JSON.stringify({ result: key }) };
    await writeRun(join(folder.path, "runs"), sampleEvents(`my key is ${key}, ${password}`), files);
    const env = { MY_PASSWORD: password };
    const { code, talk } = await answerOf((io) => exportRun([run], exporting, { ...io, env }), folder.path);
    expect(code).toBe(0);
    expect(talk).toContain("Masked: [MY_PASSWORD] twice, [anthropic key] 3 times, [private key] once");
    const unpacked = gunzipSync(readFileSync(join(folder.path, "run.tar.gz"))).toString("utf8");
    for (const secret of [key, password, JSON.stringify(password).slice(1, -1), "MIIEvQIBADAN"]) {
      expect(unpacked).not.toContain(secret);
    }
    expect(unpacked).toContain("my key is [anthropic key], [MY_PASSWORD]");
  });

  test("holds no key of its gateway that an agent printed by itself, and says of a key that it could not look for it", async () => {
    using folder = makeFolder();
    const secret = "without-a-shape-0123456789";
    writeFileSync(join(folder.path, "kept"), secret, { mode: 0o600 });
    const exported = async (source: KeySource, output: string) => {
      const upstreams = { anthropic: { key: source } };
      const plan = samplePlan(["one"], { gateway: { upstreams, allowUnpriced: false } });
      const events = [created(plan), plannedThroughGateway("one"), ended("one"), settled("one"), runSettled()];
      await writeRun(join(folder.path, output), events, { "attempts/001-one-1.stdout": `it is ${secret}\n` });
      const flags = { ...exporting, "runs-dir": join(folder.path, output), output: `${output}.tar.gz` };
      const { talk } = await answerOf((io) => exportRun([run], flags, io), folder.path);
      return { talk, unpacked: gunzipSync(readFileSync(join(folder.path, `${output}.tar.gz`))).toString("utf8") };
    };
    const known = await exported({ kind: "file", path: join(folder.path, "kept") }, "known");
    expect(known.talk).toContain("Masked: [ANTHROPIC_KEY] once");
    expect(known.unpacked).not.toContain(secret);
    expect(known.unpacked).toContain("it is [ANTHROPIC_KEY]");
    const unknown = await exported({ kind: "command", argv: ["pass", "show", "anthropic"] }, "unknown");
    expect(unknown.talk).toContain("Not looked for, since it is not to be had here: the key of anthropic (command)");
  });

  test("is the same bytes each time, for its owner alone, and opens with tar", async () => {
    using folder = makeFolder();
    const bytes = Buffer.from([0, 255, 128, 10, 13, 7]);
    await writeRun(join(folder.path, "runs"), sampleEvents(), { "attempts/001-one-1.stderr": bytes });
    await answerOf((io) => exportRun(["latest"], exporting, io), folder.path);
    await answerOf((io) => exportRun(["latest"], { ...exporting, output: "again.tar.gz" }, io), folder.path);
    const first = readFileSync(join(folder.path, "run.tar.gz"));
    expect(readFileSync(join(folder.path, "again.tar.gz")).equals(first)).toBe(true);
    expect(statSync(join(folder.path, "run.tar.gz")).mode & 0o077).toBe(process.platform === "win32" ? 0o066 : 0);
    const listed = spawnSync("tar", ["-tzf", "run.tar.gz"], { cwd: folder.path, encoding: "utf8" });
    const names = ["MANIFEST.json", "events.jsonl", "attempts/001-one-1.stderr"].map((name) => `${run}/${name}\n`);
    expect(listed.stdout).toBe(names.join(""));
    await answerOf((io) => importRun(["run.tar.gz"], importing, io), folder.path);
    const found = join(folder.path, "imported", run);
    expect(readFileSync(join(found, "attempts/001-one-1.stderr")).equals(bytes)).toBe(true);
    expect(readdirSync(found).toSorted()).toEqual(["attempts", "events.db", "imported.json"]);
  });

  test("leaves out what a run does not put there, links above all, and says so", async () => {
    using folder = makeFolder({ secret: "not yours" });
    const directory = await writeRun(join(folder.path, "runs"), sampleEvents());
    symlinkSync(join(folder.path, "secret"), join(directory, "attempts/001-one-1.stdout"));
    const { talk } = await answerOf((io) => exportRun([run], exporting, io), folder.path);
    expect(talk).toContain("Left out: attempts/001-one-1.stdout");
    expect(gunzipSync(readFileSync(join(folder.path, "run.tar.gz"))).includes("not yours")).toBe(false);
  });

  test("is all of it or nothing where its folder or its disk is in the way", async () => {
    using folder = makeFolder();
    await writeRun(join(folder.path, "runs"), sampleEvents());
    const flags = { ...exporting, output: "missing/run.tar.gz" };
    const refused = answerOf((io) => exportRun([run], flags, io), folder.path);
    await expect(refused).rejects.toMatchObject({ code: "file-not-readable" });
    expect(readdirSync(folder.path)).toEqual(["runs"]);
  });

  test("never writes over a file", async () => {
    using folder = makeFolder({ "run.tar.gz": "mine" });
    await writeRun(join(folder.path, "runs"), sampleEvents());
    const refused = answerOf((io) => exportRun([run], exporting, io), folder.path);
    await expect(refused).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("already there") });
    expect(readFileSync(join(folder.path, "run.tar.gz"), "utf8")).toBe("mine");
  });
});

/** An archive of any members, whether or not one of ours would look like it. */
function tarOf(members: readonly (readonly [name: string, content: string | Buffer])[]): Buffer {
  const parts = members.flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    return [encodeTarHeader({ name, bytes: bytes.length }, noon), bytes, Buffer.alloc(tarPadding(bytes.length))];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

/** The members of a sound archive, in order. */
async function soundMembers(folder: string): Promise<readonly (readonly [string, Buffer])[]> {
  await writeRun(join(folder, "runs"), sampleEvents(), { "attempts/001-one-1.stdout": "hello\n" });
  await answerOf((io) => exportRun([run], exporting, io), folder);
  const bytes = gunzipSync(readFileSync(join(folder, "run.tar.gz")));
  const members: (readonly [string, Buffer])[] = [];
  for (let at = 0; bytes[at] !== 0;) {
    const name = bytes.subarray(at, bytes.indexOf(0, at)).toString();
    const length = Number.parseInt(bytes.subarray(at + 124, at + 135).toString(), 8);
    members.push([name, bytes.subarray(at + 512, at + 512 + length)]);
    at += 512 + length + tarPadding(length);
  }
  return members;
}

/** What came of importing these bytes: the run, or the sentence of the refusal. Nothing may be left of a refused one. */
async function tryImport(folder: string, bytes: Buffer, flags: Partial<ImportFlags> = {}): Promise<string> {
  writeFileSync(join(folder, "suspect.tar.gz"), bytes);
  const before = treeOf(folder);
  try {
    const { out } = await answerOf((io) => importRun(["suspect.tar.gz"], { ...importing, ...flags }, io), folder);
    return out.trim();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const left = treeOf(folder).filter((name) => !before.includes(name) && !isRunsFolder.test(name));
    if (left.length > 0) throw new Error(`a refused import has left ${left.join(", ")}`, { cause: error });
    return error.message;
  }
}

/** Made before anything is refused for what the run's own folder holds. */
const isRunsFolder = /^(?:imported|fuzz\d+)$|\.gitignore$/;

function treeOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true }).map(String);
}

function rewritten(manifest: Buffer, change: (value: Record<string, unknown>) => object): string {
  return JSON.stringify(change(JSON.parse(manifest.toString()) as Record<string, unknown>));
}

describe("importing refuses, and leaves nothing behind,", () => {
  test("what leads out of the folder, comes twice, is more or less or other than the list says", async () => {
    using folder = makeFolder();
    const members = await soundMembers(folder.path);
    const [head, events, output] = members;
    if (head === undefined || events === undefined || output === undefined) throw new Error("no sound archive");
    const renamed = (path: string): string =>
      rewritten(head[1], (value) => ({
        ...value,
        members: (value["members"] as { path: string }[]).map((each, at) => (at === 1 ? { ...each, path } : each)),
      }));
    const withName = (path: string): Buffer => tarOf([[head[0], renamed(path)], events, [`${run}/${path}`, output[1]]]);
    const ours = "its list of contents is not ours";
    const cases: readonly (readonly [bytes: Buffer, sentence: string])[] = [
      [withName("../../evil"), ours],
      [withName("/etc/evil"), ours],
      [withName("attempts/../../evil"), ours],
      [withName("attempts\\evil.stdout"), ours],
      [withName("attempts/a/b.stdout"), ours],
      [withName("events.db"), ours],
      [withName("events.jsonl"), ours],
      [tarOf([head, events, [`${run}/../evil`, output[1]]]), "not where or not as large"],
      [tarOf([head, events, [output[0], "hallo\n"]]), "the checksum of `attempts/001-one-1.stdout` does not fit"],
      [tarOf([head, events, [output[0], "hello\nmore"]]), "not where or not as large"],
      [tarOf([head, events]), "not where or not as large"],
      [tarOf([...members, output]), "which its list of contents does not name"],
      [tarOf([head, output, events]), "not where or not as large"],
      [tarOf([events, head, output]), "does not begin with a list of its contents"],
      [tarOf([["other/MANIFEST.json", head[1]], events, output]), "named after another run"],
      [tarOf([]), "does not begin with a list of its contents"],
      [tarOf([[head[0], rewritten(head[1], (value) => ({ ...value, format: 2 }))], events]), "by a newer program"],
      [tarOf([[head[0], rewritten(head[1], (value) => ({ ...value, run: "../../x" }))], events]), ours],
      [Buffer.from("not a gzip at all"), "incorrect header check"],
      [tarOf(members).subarray(0, 300), "is not a whole exported run"],
      [gzipSync(gunzipSync(tarOf(members)).subarray(0, 1024)), "it is cut off"],
      [gzipSync(Buffer.concat([gunzipSync(tarOf(members)), Buffer.from("more")])), "something follows its end"],
    ];
    for (const [bytes, sentence] of cases) expect(await tryImport(folder.path, bytes)).toContain(sentence);
  });

  test("a link or a folder, whatever it is called", async () => {
    using folder = makeFolder();
    const members = await soundMembers(folder.path);
    for (const kind of ["1", "2", "5", "x"]) {
      const bytes = gunzipSync(tarOf(members));
      const at = bytes.indexOf(`${run}/events.jsonl`);
      const sumBefore = Number.parseInt(bytes.subarray(at + 148, at + 154).toString(), 8);
      bytes.write(kind, at + 156, "latin1");
      bytes.write((sumBefore + kind.charCodeAt(0) - 0x30).toString(8).padStart(6, "0"), at + 148, "latin1");
      expect(await tryImport(folder.path, gzipSync(bytes))).toContain("is no plain file");
    }
  });

  test("more than may be unpacked, before any of it is", async () => {
    using folder = makeFolder();
    const bytes = tarOf(await soundMembers(folder.path));
    expect(await tryImport(folder.path, bytes, { "max-size": "1kB" })).toContain("more than 1.0 kB");
  });

  test("events that are none, or of another run", async () => {
    using folder = makeFolder();
    const [head, events, output] = await soundMembers(folder.path);
    if (head === undefined || events === undefined || output === undefined) throw new Error("no sound archive");
    const { createHash } = await import("node:crypto");
    const withEvents = (text: string): Buffer => {
      const facts = { bytes: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") };
      const manifest = rewritten(head[1], (value) => ({
        ...value,
        members: (value["members"] as { path: string }[]).map((each, at) => (at === 0 ? { ...each, ...facts } : each)),
      }));
      return tarOf([[head[0], manifest], [events[0], text], output]);
    };
    const lines = events[1].toString();
    const other = makeRunId(noon, () => 0.75);
    expect(await tryImport(folder.path, withEvents("nonsense\n"))).toContain("line 1 of its events is no event");
    expect(await tryImport(folder.path, withEvents(""))).toContain("it holds 0 events, not 6");
    expect(await tryImport(folder.path, withEvents(`${lines}{"a":1}\n`))).toContain("line 7 of its events is no event");
    expect(await tryImport(folder.path, withEvents(lines.slice(0, -20)))).toContain("its last event is cut off");
    expect(await tryImport(folder.path, withEvents(lines.replace(`"id":"${run}"`, `"id":"${other}"`)))).toContain(
      "its first event is not that of its run",
    );
    const planless = `{"type":"run-created","id":"${run}","at":1,"seq":1}\n`;
    expect(await tryImport(folder.path, withEvents(planless))).toContain("event 1 does not fit");
  });

  test("a run that is there already, and leaves it as it is", async () => {
    using folder = makeFolder();
    const bytes = tarOf(await soundMembers(folder.path));
    expect(await tryImport(folder.path, bytes)).toBe(run);
    const before = readEvents(join(folder.path, "imported", run));
    expect(await tryImport(folder.path, bytes)).toContain("is already there");
    expect(readEvents(join(folder.path, "imported", run))).toEqual(before);
  });

  test("any damaged file: each is imported as it was, or refused with a sentence", async () => {
    using folder = makeFolder();
    const sound = gunzipSync(tarOf(await soundMembers(folder.path)));
    const change = fc.record({ at: fc.nat({ max: sound.length - 1 }), byte: fc.nat({ max: 255 }) });
    const damage = fc.record({
      changes: fc.array(change, { maxLength: 4 }),
      cut: fc.option(fc.nat({ max: sound.length })),
      isPacked: fc.boolean(),
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(damage, async ({ changes, cut, isPacked }) => {
        const bytes = Buffer.from(isPacked ? gzipSync(sound) : sound);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        const whole = cut === null ? bytes : bytes.subarray(0, cut);
        const word = await tryImport(folder.path, isPacked ? whole : gzipSync(whole), { "runs-dir": `fuzz${round++}` });
        expect(word.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});

test("a run is imported under its own id, and can be shown", async () => {
  using folder = makeFolder();
  const id: RunId = run;
  await writeRun(join(folder.path, "runs"), sampleEvents("the answer"));
  await answerOf((io) => exportRun([id], exporting, io), folder.path);
  const { out, talk } = await answerOf((io) => importRun(["run.tar.gz"], importing, io), folder.path);
  expect(out).toBe(`${id}\n`);
  expect(talk).toContain("6 events and 0 files, all checksums fit");
});

test("a file that is not there, or is a folder, is not told as a bad export", async () => {
  using folder = makeFolder();
  const importOf = (name: string) => answerOf((io) => importRun([name], importing, io), folder.path);
  const hint = "name the file that `runs export` wrote";
  const missing = { message: `There is no file ${join(folder.path, "no.tgz")}`, hint };
  await expect(importOf("no.tgz")).rejects.toThrow(expect.objectContaining(missing));
  await expect(importOf(".")).rejects.toThrow(expect.objectContaining({ message: `${folder.path} is a folder`, hint }));
});

test("an export into a folder that is not there says so, and what to do", async () => {
  using folder = makeFolder();
  await writeRun(join(folder.path, "runs"), sampleEvents());
  const output = join(folder.path, "nope/run.tgz");
  await expect(answerOf((io) => exportRun([run], { ...exporting, output }, io), folder.path)).rejects.toThrow(
    expect.objectContaining({
      message: `Cannot write ${output}: there is no folder ${join(folder.path, "nope")}`,
      hint: "name another file with `--output`",
    }),
  );
});
