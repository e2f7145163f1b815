import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  canMount,
  hasCompiler,
  makeExecutable,
  makeHome,
  makingMs,
  start,
  withMount,
  type Home,
} from "./executableRig.ts";

const version = /^claude-orchestrator \d+\.\d+\.\d+\n$/;
const good = { code: 0, out: expect.stringMatching(version), talk: "" };
const fromMemory = (why: RegExp) => ({
  code: 0,
  out: expect.stringMatching(version),
  talk: expect.stringMatching(new RegExp(`starts from memory.*${why.source}`)),
});

describe.skipIf(!hasCompiler)("an executable", () => {
  let output: string, executable: string;
  /** Unpacked once; tests that change it copy it. */
  let home: Home;

  beforeAll(async () => {
    output = mkdtempSync(join(tmpdir(), "orchestrator executable "));
    executable = makeExecutable(output);
    home = makeHome();
    await ask(home.path);
  }, makingMs);

  afterAll(() => {
    home[Symbol.dispose]();
    rmSync(output, { recursive: true, force: true });
  });

  const ask = (homePath: string, file = executable) => start([file, "--version"], homePath).ended;
  const only = (place: Home) => join(place.versions, place.listed()[0] ?? "");

  test("unpacks once, into files that nobody but their owner may read", async () => {
    const runtime = join(only(home), "node");
    const before = statSync(runtime);
    expect(await ask(home.path)).toEqual(good);
    expect(home.listed()).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+-[0-9a-f]{16}$/)]);
    expect(statSync(runtime)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs, mode: 0o100500 });
    expect(statSync(join(only(home), "dist/cli.mjs")).mode).toBe(0o100400);
    expect(statSync(home.versions).mode).toBe(0o40700);
  });

  test("ten first starts at once all start, and leave one version", async () => {
    using fresh = makeHome();
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(fresh.path)));
    expect(all).toEqual(Array.from({ length: 10 }, () => good));
    expect(fresh.listed()).toHaveLength(1);
  });

  test.each([
    ["a byte of the runtime changed", (folder: string) => overwrite(join(folder, "node"), 50_000_000, "x")],
    ["the program replaced by one of the same size", (folder: string) => replaceProgram(folder)],
    ["a file cut short", (folder: string) => truncateSync(unlocked(join(folder, "dist/web/index.html")), 10)],
    ["a file added", (folder: string) => writeFileSync(join(folder, "dist/web/evil.js"), "evil()")],
    ["a file gone", (folder: string) => rmSync(join(folder, "LICENSE"))],
    ["a file others may write into", (folder: string) => chmodSync(join(folder, "LICENSE"), 0o466)],
    ["a folder others may write into", (folder: string) => chmodSync(join(folder, "dist"), 0o777)],
    ["a file that is a link", (folder: string) => linkInstead(join(folder, "LICENSE"))],
    ["a folder that is a link", (folder: string) => linkInstead(join(folder, "dist/web"))],
    ["everything behind a link", (folder: string) => linkInstead(folder)],
  ])("%s is not trusted, and is made good before anything of it runs", async (_what, change) => {
    change(only(home));
    expect(await ask(home.path)).toEqual(good);
    expect(home.listed()).toHaveLength(1);
    expect(existsSync(join(only(home), "dist/web/evil.js"))).toBe(false);
  });

  test("a runtime that somebody has open for writing is not started", async () => {
    const runtime = join(only(home), "node");
    const before = statSync(runtime).ino;
    const writer = openSync(unlocked(runtime), "r+");
    chmodSync(runtime, 0o500);
    expect(await ask(home.path)).toEqual(good);
    closeSync(writer);
    expect(statSync(join(only(home), "node")).ino).not.toBe(before);
  });

  test("a folder above that others may write into is not used", async () => {
    using fresh = makeHome();
    const product = join(fresh.path, ".cache/claude-orchestrator");
    mkdirSync(product, { recursive: true });
    chmodSync(product, 0o777);
    expect(await ask(fresh.path)).toEqual(fromMemory(/others may write into it/));
  });

  test("a link where its folder should be is not followed", async () => {
    using fresh = makeHome();
    const elsewhere = join(fresh.path, "elsewhere");
    for (const folder of [elsewhere, join(fresh.path, ".cache")]) mkdirSync(folder);
    symlinkSync(elsewhere, join(fresh.path, ".cache/claude-orchestrator"));
    expect(await ask(fresh.path)).toEqual(fromMemory(/claude-orchestrator is a link or no folder/));
    expect(existsSync(join(elsewhere, "executable"))).toBe(false);
  });

  test("killed while it unpacks, it begins anew and removes what was left", async () => {
    using fresh = makeHome();
    const first = start([executable, "--version"], fresh.path);
    const isUnpacking = () => existsSync(fresh.versions) && fresh.listed().some((name) => name.startsWith("new-"));
    await expect
      .poll(() => isUnpacking() || first.child.exitCode !== null, { interval: 1, timeout: 30_000 })
      .toBe(true);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(await ask(fresh.path)).toEqual(good);
    expect(fresh.listed()).toEqual([expect.stringMatching(/^\d/)]);
  });

  test("versions nobody has started for a month go, unless one runs or was started since", async () => {
    using fresh = makeHome();
    const old = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    const names = ["0.0.1-0000000000000001", "0.0.2-0000000000000002", "0.0.3-0000000000000003", "notes"];
    for (const name of names) mkdirSync(join(fresh.versions, name, "dist"), { recursive: true });
    for (const name of names) chmodSync(join(fresh.versions, name), 0o700);
    for (const folder of [fresh.versions, join(fresh.versions, "..")]) chmodSync(folder, 0o700);
    for (const name of [names[0], names[1], names[3]]) utimesSync(join(fresh.versions, name ?? ""), old, old);
    const running = start(["flock", "-s", join(fresh.versions, names[1] ?? ""), "tail", "-f", "/dev/null"], fresh.path);
    const isLocked = () => start(["flock", "-xn", join(fresh.versions, names[1] ?? ""), "true"], fresh.path).ended;
    await expect.poll(async () => (await isLocked()).code, { timeout: 30_000 }).toBe(1);
    expect(await ask(fresh.path)).toEqual(good);
    running.child.kill("SIGKILL");
    const left = fresh.listed().filter((name) => names.includes(name));
    expect(left.toSorted()).toEqual([names[1], names[2], names[3]]);
  });

  test.each([
    ["cut off", (file: string) => truncateSync(file, statSync(file).size - 1000)],
    [
      "with a table that was changed",
      (file: string) => overwrite(file, readFileSync(file).lastIndexOf("COPACK01") + 40, "??"),
    ],
    ["with content that was changed", (file: string) => overwrite(file, statSync(file).size - 5_000_000, "changed")],
  ])("one that is %s says so, and starts nothing", async (_what, change) => {
    using fresh = makeHome();
    const damaged = join(fresh.path, "claude-orchestrator");
    copyFileSync(executable, damaged);
    change(damaged);
    const sentence = `error: ${damaged} is damaged: download it again\n`;
    expect(await ask(fresh.path, damaged)).toEqual({ code: 1, out: "", talk: sentence });
  });

  test("a cache folder that is not absolute is refused in one sentence", async () => {
    const { code, talk } = await start([executable, "--version"], home.path, {
      env: { CLAUDE_ORCHESTRATOR_CACHE_DIR: "cache" },
    }).ended;
    expect({ code, talk }).toEqual({
      code: 1,
      talk: expect.stringMatching(/^error: CLAUDE_ORCHESTRATOR_CACHE_DIR is not an absolute path: cache\n\nhint: /),
    });
  });

  describe.skipIf(!canMount)("where the cache", () => {
    const inCache = (options: string, homePath: string) => {
      const cache = join(homePath, ".cache");
      mkdirSync(cache);
      return start(withMount(`mount -t tmpfs -o ${options} none '${cache}'`, [executable, "--version"]), homePath)
        .ended;
    };

    test("is read-only, it starts from memory", async () => {
      using fresh = makeHome();
      expect(await inCache("ro", fresh.path)).toEqual(fromMemory(/Read-only file system/));
    });

    test("is full, it starts from memory", async () => {
      using fresh = makeHome();
      expect(await inCache("size=40m", fresh.path)).toEqual(
        fromMemory(/could not be written: No space left on device/),
      );
    });

    test("lets no program start, it starts from memory", async () => {
      using fresh = makeHome();
      expect(await inCache("noexec", fresh.path)).toEqual(fromMemory(/mounted noexec/));
    });

    test("was asked for and has no room for anything, it says so and what to do", async () => {
      using fresh = makeHome();
      const cache = join(fresh.path, "cache");
      mkdirSync(cache);
      const argv = withMount(`mount -t tmpfs -o size=1m none '${cache}'`, [executable, "--version"]);
      const ended = await start(argv, fresh.path, { env: { CLAUDE_ORCHESTRATOR_CACHE_DIR: cache } }).ended;
      expect(ended).toEqual({
        code: 1,
        out: "",
        talk: expect.stringMatching(
          /^error: .*cache: \d+ MB could not be written: No space left on device\n\nhint: set /,
        ),
      });
    });
  });
});

function unlocked(file: string): string {
  chmodSync(file, 0o700);
  return file;
}

/** In place, with the mode it had. */
function overwrite(file: string, at: number, bytes: string): void {
  const { mode } = statSync(file);
  const open = openSync(unlocked(file), "r+");
  writeSync(open, bytes, at);
  closeSync(open);
  chmodSync(file, mode);
}

function replaceProgram(folder: string): void {
  const file = join(folder, "dist/cli.mjs");
  overwrite(file, 0, "process.stdout.write('evil');".padEnd(statSync(file).size));
}

/** Keeps the thing itself, beside the cache, and puts a link to it in its place. */
function linkInstead(path: string): void {
  const away = mkdtempSync(join(path.slice(0, path.indexOf("/.cache/")), "elsewhere "));
  renameSync(path, join(away, "it"));
  symlinkSync(join(away, "it"), path);
}
