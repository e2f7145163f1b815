import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { UserError, shellWord } from "@claude-orchestrator/domain";
import { startSession } from "@claude-orchestrator/host";
import type { Io } from "../../io/channel.ts";
import { lastingWords } from "../../program/programWords.ts";
import { programName } from "../../program/version.ts";
import { cleanLine, cleanLines } from "../../views/text/cleanText.ts";
import { stateFolder } from "../stateFolder.ts";
import { launchdService } from "./launchd.ts";
import type { Service, ServiceWish } from "./service.ts";
import { systemdService } from "./systemd.ts";
import { windowsTask } from "./windowsTask.ts";

export interface InstallFlags {
  readonly yes: boolean;
  readonly "dry-run": boolean;
}

/**
 * `schedule install`: shows the file by which the platform starts the daemon, and what makes it known; writes and does that
 * only with `--yes`.
 */
export async function installDaemon(flags: InstallFlags, io: Io): Promise<number> {
  const service = serviceFor(io);
  io.out.write(`${service.path}\n\n${cleanLines(service.text)}\n${commandLines(service.enable)}`);
  if (service.hint !== undefined) io.talk.write(`${service.hint}\n`);
  if (flags["dry-run"]) return 0;
  if (!flags.yes) {
    io.talk.write(
      `Nothing is written yet: \`${programName} schedule install --yes\` writes the file and runs the lines below it\n`,
    );
    return 0;
  }
  await writeService(service);
  return runAll(service.enable, "The daemon is installed and runs", io);
}

/** `schedule uninstall`: the platform forgets the daemon, which ends; runs and schedules stay. */
export async function uninstallDaemon(flags: InstallFlags, io: Io): Promise<number> {
  const service = serviceFor(io);
  if (statSync(service.path, { throwIfNoEntry: false }) === undefined) {
    io.talk.write(`Nothing is installed: there is no ${service.path}\n`);
    return 0;
  }
  io.out.write(`${commandLines(service.disable)}rm ${shellWord(service.path)}\n`);
  if (flags["dry-run"]) return 0;
  if (!flags.yes) {
    io.talk.write(`Nothing is removed yet: \`${programName} schedule uninstall --yes\` runs these lines\n`);
    return 0;
  }
  const code = await runAll(service.disable, "The daemon is no longer installed", io);
  rmSync(service.path, { force: true });
  return code;
}

/** @throws UserError usage on a platform that has none of the three */
function serviceFor(io: Io, platform = process.platform): Service {
  const folder = stateFolder(io);
  const wish = wishOf(io, folder);
  const config = io.env["XDG_CONFIG_HOME"];
  switch (platform) {
    case "linux":
      return systemdService(wish, config !== undefined && isAbsolute(config) ? config : undefined);
    case "darwin":
      return launchdService(wish, process.getuid?.() ?? 0);
    case "win32":
      return windowsTask(wish, folder);
    default:
      throw new UserError("usage", `There is nothing to install on ${platform}`, {
        hint: `let whatever starts programs there start \`${programName} schedule daemon\``,
      });
  }
}

/** PATH, since the platform's own is short and agents are looked for in it; never what signs anybody in. */
function wishOf(io: Io, folder: string): ServiceWish {
  const { env } = io;
  const kept = { PATH: env["PATH"], CLAUDE_ORCHESTRATOR_STATE: env["CLAUDE_ORCHESTRATOR_STATE"] && folder };
  return {
    argv: [...lastingWords(), "schedule", "daemon"],
    env: Object.fromEntries(Object.entries(kept).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    logPath: join(folder, "daemon.log"),
    home: env["HOME"] ?? env["USERPROFILE"] ?? homedir(),
  };
}

function commandLines(commands: readonly (readonly string[])[]): string {
  return commands.map((words) => `${words.map(shellWord).join(" ")}\n`).join("");
}

/** @throws UserError file-not-readable where it cannot be written */
async function writeService({ path, text }: Service): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // The Windows scheduler reads UTF-16 with its mark and nothing else.
    const bytes = process.platform === "win32" ? Buffer.from(`\uFEFF${text}`, "utf16le") : text;
    await writeFile(path, bytes, { mode: 0o600 });
    await chmod(path, 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("file-not-readable", `${path} cannot be written: ${why}`, { cause: error });
  }
}

/** Runs the lines one after the other; what one says that fails is shown, and what to type. */
async function runAll(commands: readonly (readonly string[])[], done: string, io: Io): Promise<number> {
  const folder = stateFolder(io);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const outputPath = join(folder, `install-${process.pid}.txt`);
  try {
    for (const argv of commands) {
      const end = await startSession({ argv, cwd: io.cwd, env: io.env, outputPath });
      if (end.exitCode === 0) continue;
      const why = end.problem ?? `exit code ${end.exitCode}`;
      io.talk.write(cleanLines(readFileSync(outputPath, "utf8")));
      io.talk.write(`error: \`${argv.map(shellWord).join(" ")}\` failed: ${cleanLine(why)}\n`);
      io.talk.write("Type the lines above yourself once that is put right\n");
      return 1;
    }
  } finally {
    rmSync(outputPath, { force: true });
  }
  io.talk.write(`${done}\n`);
  return 0;
}
