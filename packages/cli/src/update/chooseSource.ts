import { statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { folderSource } from "@claude-orchestrator/update";
import type { UpdateSource } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { namedFolder } from "./namedFolder.ts";
import { wordOf } from "./updateSettings.ts";
import { webSource } from "./webSource.ts";

/** Where to look: what the flag names, else what is configured. No address is built in. @throws UserError */
export function chooseSource({ env, cwd }: Pick<Io, "env" | "cwd">, from: string | undefined): UpdateSource {
  if (from?.trim() === "") {
    throw new UserError("usage", "`--from` is empty, so nothing was asked of anybody", {
      hint: "name a folder or an address, such as `--from /media/usb/updates`",
    });
  }
  const word = from ?? wordOf(env["CLAUDE_ORCHESTRATOR_UPDATE_URL"]);
  if (word === undefined) {
    throw new UserError("usage", "No update source is configured, so nothing was asked of anybody", {
      hint: "name one with `--from FOLDER` or `--from URL`, or for always with CLAUDE_ORCHESTRATOR_UPDATE_URL",
    });
  }
  if (/^https?:\/\//i.test(word)) return webSource(addressOf(word), env);
  const folder = namedFolder(word, cwd);
  if (!isFolder(folder)) {
    throw new UserError("usage", `There is no folder ${folder} to update from`, {
      hint: "an address begins with https://, such as `--from https://updates.example.com/claude-orchestrator/`",
    });
  }
  return folderSource(updatesIn(folder));
}

/** A release as it was unpacked holds its updates in a folder of their own. */
function updatesIn(folder: string): string {
  const updates = join(folder, "updates");
  return !isFolder(join(folder, "metadata")) && isFolder(join(updates, "metadata")) ? updates : folder;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function addressOf(word: string): URL {
  const address = URL.canParse(word) ? new URL(word) : undefined;
  // What is in an address goes into messages and logs of proxies.
  if (address !== undefined && address.username === "" && address.search === "" && address.hash === "") return address;
  throw new UserError("usage", "The address of the update source is none that files are read from", {
    hint: "write it without a name, a password, `?` or `#`, such as https://updates.example.com/claude-orchestrator/",
  });
}
