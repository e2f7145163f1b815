/**
 * Every form that carries the executable, in a place where nothing of ours ever was, by root and by a user: installed, tried, taken away, and
 * nothing of it left. `npm run test:install` counts; the npm form is in `npmInstall.release.test.ts`. In a Debian of its own, and by root,
 * with `RELEASE_MATRIX=full`.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasCompiler, makingMs } from "./executableRig.ts";
import { createDebianPerson, hasDebian } from "./support/debianPerson.ts";
import { makeForms } from "./support/forms.ts";
import type { Forms } from "./support/forms.ts";
import { createPerson } from "./support/person.ts";
import type { Person } from "./support/person.ts";
import { isWholeMatrix } from "./support/places.ts";
import { tryProgram } from "./support/tryProgram.ts";
import { endedWell, works } from "./support/works.ts";

const python = ["/usr/bin/python3", "/usr/local/bin/python3"].find((each) => existsSync(each)) ?? "python3";
const pip = spawnSync("python3", ["-c", "import os, pip; print(os.path.dirname(pip.__file__))"], { encoding: "utf8" });

/** What the program keeps for whoever used it: it belongs to its runs, or is unpacked anew. */
const kept = /^(?:\.cache|\.local\/state)\/claude-orchestrator\//;

describe.skipIf(!hasCompiler)("a form with everything in it", () => {
  let shelf: string, forms: Forms;

  beforeAll(() => {
    shelf = mkdtempSync(path.join(tmpdir(), "orchestrator forms "));
    forms = makeForms(shelf);
    if (pip.status === 0) cpSync(pip.stdout.trim(), path.join(shelf, "python/pip"), { recursive: true });
  }, makingMs);

  afterAll(() => rmSync(shelf, { recursive: true, force: true, maxRetries: 5 }));

  test.skipIf(!isWholeMatrix)(
    "made again, from another home and in another time zone, each form is the same bytes",
    () => {
      const again = path.join(shelf, "again");
      makeForms(again, { TZ: "Asia/Tokyo", HOME: again, LC_ALL: "C" });
      const manifestOf = (folder: string): string => readFileSync(path.join(folder, "manifest.json"), "utf8");
      expect(manifestOf(again)).toBe(manifestOf(shelf));
      rmSync(again, { recursive: true });
    },
    makingMs,
  );

  describe.each([
    ["a user", false],
    ["root", true],
  ])("installed by %s", (_who, isRoot) => {
    const isLeftOut = isRoot && (!isWholeMatrix || process.getuid?.() !== 0);
    // No Node: there is none in this folder.
    const newPerson = (): Person => createPerson({ nodeFolder: shelf, isRoot });

    test.skipIf(isLeftOut)("an executable, put into a folder", async () => {
      using person = newPerson();
      const program = path.join(person.prefix, "bin/claude-orchestrator");
      copyFileSync(forms.find(/-linux-x64$/), program);
      chmodSync(program, 0o755);
      await tryProgram(person, ["claude-orchestrator"]);
      rmSync(program);
      expect(leftIn(person)).toEqual([]);
    });

    test.skipIf(isLeftOut)("a .tar.gz, unpacked below a prefix", async () => {
      using person = newPerson();
      const archive = forms.find(/\.tar\.gz$/);
      await works(person, ["tar", "-xzf", archive, "--strip-components=1", "-C", person.prefix]);
      await tryProgram(person, ["claude-orchestrator"]);
      await works(person, [
        "sh",
        "-c",
        'tar -tzf "$0" | cut -d / -f 2- | (cd "$1" && xargs rm)',
        archive,
        person.prefix,
      ]);
      expect(leftIn(person)).toEqual([]);
    });

    test.skipIf(isLeftOut || pip.status !== 0)(
      "a wheel, with pip, in a fresh environment without a network",
      async () => {
        using person = newPerson();
        const [environment, offline] = [path.join(person.prefix, "venv"), { PYTHONPATH: path.join(shelf, "python") }];
        await works(person, [python, "-m", "venv", "--without-pip", environment]);
        const before = person.filesIn(person.prefix);
        const inside = [path.join(environment, "bin/python3"), "-B", "-m", "pip", "--no-cache-dir"];
        await works(
          person,
          [...inside, "install", "--no-index", `--find-links=${shelf}`, "claude-orchestrator"],
          offline,
        );
        await works(person, [...inside, "check"], offline);
        const program = path.join(environment, "bin/claude-orchestrator");
        await tryProgram(person, [program]);
        expect(await works(person, [program, "--version", "--verbose"])).toContain(`installed as wheel: ${program}\n`);
        await works(person, [...inside, "uninstall", "--yes", "claude-orchestrator"], offline);
        expect(person.filesIn(person.prefix)).toEqual(before);
      },
    );

    test.skipIf(isLeftOut)("by install.sh, from a folder", async () => {
      using person = newPerson();
      const script = ["sh", path.join(shelf, "install.sh"), "--prefix", person.prefix];
      expect(await works(person, [...script, "--from", shelf])).toContain("has the SHA-256 in SHA256SUMS");
      await tryProgram(person, ["claude-orchestrator"]);
      await works(person, [...script, "--uninstall"]);
      expect([leftIn(person), person.filesIn(person.home).filter((each) => each.startsWith(".cache"))]).toEqual([
        [],
        [],
      ]);
    });

    test.skipIf(!isWholeMatrix || !hasDebian)("by install.sh, in a Debian of its own", async () => {
      using person = createDebianPerson({ isRoot });
      for (const name of ["install.sh", "SHA256SUMS", "SHA256SUMS.minisig", path.basename(forms.find(/\.tar\.gz$/))]) {
        copyFileSync(path.join(shelf, name), path.join(person.debian, "srv", name));
      }
      const before = person.filesIn("/usr");
      await works(person, ["sh", "/srv/install.sh", "--from", "/srv"]);
      await tryProgram(person, ["claude-orchestrator"]);
      await works(person, ["sh", "/srv/install.sh", "--uninstall"]);
      expect(person.filesIn("/usr")).toEqual(before);
      expect(person.filesIn(person.prefix).filter((each) => !each.startsWith("state/"))).toEqual([]);
    });

    test.skipIf(!isWholeMatrix || !hasDebian)("a .deb, in a Debian of its own", async () => {
      using person = createDebianPerson({ isRoot });
      copyFileSync(forms.find(/\.deb$/), path.join(person.debian, "srv/it.deb"));
      const folders = ["/usr", "/etc", "/opt"];
      const before = folders.map((each) => person.filesIn(each));
      const asRoot = async (argv: readonly string[]): Promise<void> => {
        endedWell(await person.runAsRoot(argv));
      };
      await asRoot(["dpkg", "--install", "/srv/it.deb"]);
      await asRoot(["dpkg", "--verify", "claude-orchestrator"]);
      await tryProgram(person, ["claude-orchestrator"]);
      await asRoot(["dpkg", "--purge", "claude-orchestrator"]);
      expect(folders.map((each) => person.filesIn(each))).toEqual(before);
    });
  });
});

function leftIn(person: Person): readonly string[] {
  return [...person.filesIn(person.prefix), ...person.filesIn(person.home).filter((each) => !kept.test(each))];
}
