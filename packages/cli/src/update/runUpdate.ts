import { realpathSync } from "node:fs";
import { shellWord, UserError } from "@claude-orchestrator/domain";
import {
  chooseRelease,
  currentVersion,
  installationOf,
  installSteps,
  openRepository,
  previousVersion,
  returnSteps,
} from "@claude-orchestrator/update";
import type { Channel, Installation, OfferedRelease, ReleaseChoice, Repository } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { installedAs } from "../program/installedAs.ts";
import type { Installed } from "../program/installedAs.ts";
import { programVersion } from "../program/version.ts";
import { allowedSource } from "./allowedSource.ts";
import { refuseUnlessOwn, updateCommand } from "./ownCommand.ts";
import { checkExecutable, takeSteps, whileLocked } from "./place.ts";
import { channelOf, trustOf } from "./updateSettings.ts";

export interface UpdateFlags {
  readonly check: boolean;
  readonly channel: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly rollback: boolean;
  readonly json: boolean;
}

/** What is installed, and which of all there is would be looked at. */
interface Standing {
  readonly installed: Installed;
  readonly version: string;
  readonly channel: Channel;
  readonly platform: string;
}

/** `update`: 0 also where there is nothing newer. */
export async function runUpdate(flags: UpdateFlags, io: Io, installed: Installed = installedAs()): Promise<number> {
  refuseContradictions(flags);
  if (!flags.check) refuseUnlessOwn(installed.form);
  if (flags.rollback) return goBack(flags, io, installed);
  const standing = standingOf(flags, io, installed);
  const source = await allowedSource(io, standing.channel, flags.from);
  const trust = await trustOf(io);
  return whileLocked(trust.folder, async () => {
    using repository = await openRepository({ source, trust: trust.folder, root: trust.root });
    const { channel, platform, version } = standing;
    const wish = { channel, platform, installed: version };
    const choice = chooseRelease(repository.offered, flags.to === undefined ? wish : { ...wish, version: flags.to });
    const release = releaseOf(choice, standing, flags.to);
    if (release === undefined || flags.check) return report(choice, standing, flags, io);
    await install(repository, release, standing, io);
    return tellMoved(release.version, standing, flags, io);
  });
}

function refuseContradictions({ check, from, to, rollback, channel }: UpdateFlags): void {
  const others = { "--check": check, "--from": from, "--to": to, "--channel": channel };
  const [other] = Object.entries(others).find(([, given]) => given !== undefined && given !== false) ?? [];
  if (!rollback || other === undefined) return;
  throw new UserError("usage", `\`--rollback\` goes back to what was there before: it has no use for \`${other}\``, {
    hint: "`update --to VERSION` goes to a version of your choice",
  });
}

/** As manifests of releases name it. */
export function platformWord(platform: NodeJS.Platform = process.platform, arch: string = process.arch): string {
  return `${platform === "win32" ? "win" : platform}-${arch}`;
}

function standingOf(flags: UpdateFlags, io: Io, installed: Installed): Standing {
  const version =
    installed.form === "executable" ? currentVersion(installationAt(installed), programVersion()) : programVersion();
  return { installed, version, channel: channelOf(io, flags.channel), platform: platformWord() };
}

function installationAt({ path }: Installed): Installation {
  return installationOf(realpathSync(path));
}

/** Undefined where there is nothing to do. @throws UserError update-refused */
function releaseOf(choice: ReleaseChoice, standing: Standing, wanted: string | undefined): OfferedRelease | undefined {
  if (choice.kind === "newer" || choice.kind === "older") return choice.release;
  if (choice.kind === "newest" || choice.kind === "ahead") return undefined;
  const { platform, channel, version } = standing;
  if (choice.kind === "too-old") {
    const { version: newest, minFrom = "" } = choice.release;
    throw new UserError("update-refused", `${newest} cannot be gone to from ${version}: it takes ${minFrom} or newer`, {
      hint: `\`claude-orchestrator update --to ${minFrom}\` first, or install ${newest} by hand`,
    });
  }
  throw choice.kind === "no-such-version"
    ? new UserError("update-refused", `The source has no ${wanted ?? ""} for ${platform}`, {
        hint: "`claude-orchestrator update --check` says what it has",
      })
    : new UserError("update-refused", `The source has nothing for ${platform} in channel ${channel}`, {
        hint: "another channel (`--channel`), or the npm package with this system's Node",
      });
}

async function install(repository: Repository, release: OfferedRelease, standing: Standing, io: Io): Promise<void> {
  const installation = installationAt(standing.installed);
  const megabytes = (release.size / 1e6).toFixed(1);
  await whileLocked(installation.root, async () => {
    io.talk.write(`Getting ${release.version} for ${release.platform} (${megabytes} MB)\n`);
    const steps = installSteps(installation, {
      from: standing.version,
      to: release.version,
      fetch: (file) => repository.download(release, file),
      check: checkExecutable,
      now: Date.now(),
    });
    await takeSteps(steps, installation.root);
  });
}

async function goBack(flags: UpdateFlags, io: Io, installed: Installed): Promise<number> {
  const installation = installationAt(installed);
  const from = currentVersion(installation, programVersion());
  const to = previousVersion(installation, from);
  if (to === undefined) {
    throw new UserError("update-refused", `There is no version before ${from} here to go back to`, {
      hint: "`claude-orchestrator update --to VERSION` gets one from the update source",
    });
  }
  await whileLocked(installation.root, () =>
    takeSteps(returnSteps(installation, { from, to, check: checkExecutable }), installation.root),
  );
  return tellMoved(to, { installed, version: from }, flags, io);
}

function tellMoved(
  version: string,
  { installed, version: before }: Pick<Standing, "installed" | "version">,
  { json }: UpdateFlags,
  io: Io,
): number {
  const { command } = installationAt(installed);
  if (json) io.out.json({ updated: true, version, before, command });
  else {
    io.out.write(`claude-orchestrator ${version} is in place (${before} was)\n`);
    io.talk.write(
      "Runs that work go on with what they were started by; `claude-orchestrator update --rollback` goes back\n",
    );
  }
  return 0;
}

function report(choice: ReleaseChoice, standing: Standing, { json, from, to }: UpdateFlags, io: Io): number {
  const { version, channel, installed } = standing;
  const available = "release" in choice ? choice.release.version : undefined;
  if (json) {
    io.out.json({
      updated: false,
      version,
      channel,
      available: available ?? null,
      command: updateCommand(installed.form),
    });
  } else io.out.write(`${sentenceOf(choice, standing, { from, to })}\n`);
  return 0;
}

function sentenceOf(
  choice: ReleaseChoice,
  { version, channel, installed }: Standing,
  { from, to }: Pick<UpdateFlags, "from" | "to">,
): string {
  if ("release" in choice) {
    const words = [...(from === undefined ? [] : ["--from", from]), ...(to === undefined ? [] : ["--to", to])];
    const own = installed.form === "executable" ? words.map((word) => ` ${shellWord(word)}`).join("") : "";
    return `${choice.release.version} is there (this is ${version}): \`${updateCommand(installed.form)}${own}\``;
  }
  if (choice.kind === "ahead") {
    return `${version} is newer than all there is in channel ${channel} (${choice.newest}); \`--to ${choice.newest}\` goes back to that`;
  }
  return to === undefined ? `${version} is the newest in channel ${channel}` : `${version} is what runs already`;
}
