import { existsSync } from "node:fs";
import { join } from "node:path";
import { readNews, writeNews } from "@claude-orchestrator/update";
import { describe, expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import type { CapturedIo } from "../io/capturedIo.ts";
import { Channel } from "../io/channel.ts";
import { noPaint } from "../views/text/paint.ts";
import { PaperTerminal } from "../testing/paperTerminal.ts";
import { makeFolder } from "../testing/folder.ts";
import { makeTestRepository } from "../testing/updateRepository.ts";
import { startUpdateServer } from "../testing/updateServer.ts";
import { askNews } from "./askNews.ts";
import { mayTellNews } from "./mayTellNews.ts";
import { platformWord } from "./runUpdate.ts";
import { tellNews } from "./tellNews.ts";
import { newsFile } from "./updateSettings.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 0, 1);

function ioIn(state: string, env: Readonly<Record<string, string>> = {}): CapturedIo {
  return capturedIo({ env: { CLAUDE_ORCHESTRATOR_STATE: state, ...env }, cwd: state });
}

function tell(io: CapturedIo, at: number): { readonly said: string; readonly asked: number } {
  let asked = 0;
  const before = io.said().length;
  tellNews(io, () => asked++, at);
  return { said: io.said().slice(before), asked };
}

describe("a newer version", () => {
  test("is told of once a day, from what is known, while a process of its own asks once a day", () => {
    using folder = makeFolder();
    const io = ioIn(folder.path);
    expect(tell(io, now)).toEqual({ said: "", asked: 1 });
    expect(tell(io, now + 1)).toEqual({ said: "", asked: 0 });
    writeNews(newsFile(io), { ...readNews(newsFile(io)), newest: "99.0.0" });
    const told = tell(io, now + 2);
    expect(told.asked).toBe(0);
    expect(told.said).toContain("claude-orchestrator 99.0.0 is there");
    expect(tell(io, now + 3)).toEqual({ said: "", asked: 0 });
    expect(tell(io, now + 2 + dayMs)).toMatchObject({ asked: 1, said: expect.stringContaining("99.0.0") });
  });

  test("that is older than what runs, or none, is not told of", () => {
    using folder = makeFolder();
    const io = ioIn(folder.path);
    for (const newest of ["0.0.1", "\u001b[31m9.9.9", "../9.9.9"]) {
      writeNews(newsFile(io), { askedAt: now, toldAt: 0, newest });
      expect(tell(io, now + 1)).toEqual({ said: "", asked: 0 });
    }
  });

  test("is not told of where that could not be remembered, and that is no error", () => {
    using folder = makeFolder({ update: "no folder" });
    expect(tell(ioIn(folder.path), now)).toEqual({ said: "", asked: 0 });
  });

  test("is what the configured source has signed; a source that lies or is away changes nothing", async () => {
    using repository = makeTestRepository([{ version: "99.0.0", bytes: "x", platform: platformWord() }]);
    using folder = makeFolder({ "root.json": repository.root });
    const server = await startUpdateServer(repository.folder);
    const io = ioIn(folder.path, {
      CLAUDE_ORCHESTRATOR_UPDATE_URL: server.url.href,
      CLAUDE_ORCHESTRATOR_UPDATE_ROOT: join(folder.path, "root.json"),
    });
    expect(await askNews(io)).toBe(0);
    expect(readNews(newsFile(io)).newest).toBe("99.0.0");
    await server[Symbol.asyncDispose]();
    expect(await askNews(io)).toBe(0);
    expect(readNews(newsFile(io)).newest).toBe("99.0.0");
    expect(io.said()).toBe("");
  });

  test("is asked of nobody where no source is configured", async () => {
    using folder = makeFolder();
    const io = ioIn(folder.path);
    expect(await askNews(io)).toBe(0);
    expect(existsSync(newsFile(io))).toBe(false);
  });
});

describe("nothing is told or asked", () => {
  const url = { CLAUDE_ORCHESTRATOR_UPDATE_URL: "https://updates.example.com/" };

  function may(
    command: string,
    env: Readonly<Record<string, string>>,
    flags: Readonly<Record<string, unknown>> = {},
  ): boolean {
    const talk = new Channel(new PaperTerminal(80, 24), noPaint);
    return mayTellNews(command, flags, { ...capturedIo({ env, cwd: "/" }), talk });
  }

  test("but after a command of a person in a terminal, with a source configured", () => {
    expect(may("run", url)).toBe(true);
    expect(mayTellNews("run", {}, capturedIo({ env: url, cwd: "/" }))).toBe(false);
  });

  test.each([
    ["no source is configured", "run", {}, {}],
    ["it is CI", "run", { ...url, CI: "true" }, {}],
    ["it is turned off", "run", { ...url, CLAUDE_ORCHESTRATOR_NO_UPDATE_NOTICE: "1" }, {}],
    ["a program reads along", "ps", url, { json: true }],
    ["the person wants quiet", "run", url, { quiet: true }],
    ["it is a server", "serve", url, {}],
    ["it is the daemon of schedules", "schedule daemon", url, {}],
    ["it is an update", "update", url, {}],
  ] as const)("where %s", (_why, command, env, flags) => {
    expect(may(command, env, flags)).toBe(false);
  });
});
