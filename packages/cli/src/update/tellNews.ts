import { startAside } from "@claude-orchestrator/host";
import { newsToTell, readNews, shouldAsk, writeNews } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { installedAs } from "../program/installedAs.ts";
import { programWords } from "../program/programWords.ts";
import { programVersion } from "../program/version.ts";
import { askNewsCommand } from "./askNewsCommand.ts";
import { updateCommand } from "./ownCommand.ts";
import { newsFile } from "./updateSettings.ts";

/**
 * Tells of a newer version by what is known already, once a day at most; and once a day lets a process of its own ask, for the next
 * time. Nothing is waited for, and nothing that goes wrong is told: the command before it is what the person wanted.
 */
export function tellNews(
  io: Io,
  ask: () => void = () => startAside([...programWords(), askNewsCommand], io.env),
  now: number = Date.now(),
): void {
  try {
    const file = newsFile(io);
    const known = readNews(file);
    const newest = newsToTell(known, programVersion(), now);
    const isTimeToAsk = shouldAsk(known, now);
    if (newest === undefined && !isTimeToAsk) return;
    // Written before: where it cannot be, nobody is told or asked after each command.
    writeNews(file, {
      ...known,
      askedAt: isTimeToAsk ? now : known.askedAt,
      toldAt: newest === undefined ? known.toldAt : now,
    });
    if (isTimeToAsk) ask();
    if (newest !== undefined) {
      const command = updateCommand(installedAs().form);
      io.talk.write(`\nclaude-orchestrator ${newest} is there (this is ${programVersion()}): \`${command}\`\n`);
    }
  } catch {
    // Another day.
  }
}
