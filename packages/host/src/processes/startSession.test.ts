import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startSession } from "./startSession.ts";

function session(
  argv: readonly string[],
  cwd = tmpdir(),
): { readonly outputPath: string; readonly end: ReturnType<typeof startSession> } {
  const outputPath = join(mkdtempSync(join(tmpdir(), "session test ")), "out.txt");
  return { outputPath, end: startSession({ argv, cwd, env: { PATH: "/usr/bin:/bin" }, outputPath }) };
}

describe.skipIf(process.platform === "win32")("a program in a session of its own", () => {
  test("is told with its exit code, and what it prints is in its file, for its owner alone", async () => {
    const { outputPath, end } = session(["sh", "-c", "echo one; echo two >&2; exit 3"]);
    expect(await end).toEqual({ exitCode: 3 });
    expect(readFileSync(outputPath, "utf8")).toBe("one\ntwo\n");
    expect(statSync(outputPath).mode & 0o777).toBe(0o600);
    rmSync(join(outputPath, ".."), { recursive: true });
  });

  test("leads its session, which no terminal of ours can reach", async () => {
    const { outputPath, end } = session(["sh", "-c", "ps -o pid=,sid= -p $$"]);
    await end;
    const [pid, sid] = readFileSync(outputPath, "utf8").trim().split(/\s+/);
    expect(sid).toBe(pid);
    rmSync(join(outputPath, ".."), { recursive: true });
  });

  test.each([
    ["no such program", ["/no/such/program"], tmpdir(), "ENOENT"],
    ["no such folder", ["sh"], "/no/such/folder", "ENOENT"],
    ["a signal", ["sh", "-c", "kill -KILL $$"], tmpdir(), "SIGKILL ended it"],
  ])("says what went wrong: %s", async (_title, argv, cwd, problem) => {
    const { outputPath, end } = session(argv, cwd);
    expect(await end).toEqual({ exitCode: null, problem: expect.stringContaining(problem) });
    rmSync(join(outputPath, ".."), { recursive: true });
  });
});
