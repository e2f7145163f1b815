import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { InstanceState } from "@claude-orchestrator/domain";
import { createGit, listRecords, readDifference } from "@claude-orchestrator/host";
import type { Difference } from "@claude-orchestrator/host";
import { instanceOf, openRun } from "../history/openRun.ts";
import type { Io } from "../io/channel.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { line, safeText, span } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { counted } from "../views/words.ts";

export interface DiffFlags {
  readonly stat: boolean;
  readonly "runs-dir": string | undefined;
}

/** `diff RUN INSTANCE`: what differs from where it began, committed or not; as it is now, else as it was when it ended. */
export async function showDifference([text = "", name = ""]: readonly string[], flags: DiffFlags, io: Io) {
  const { difference } = await differenceOf([text, name], flags["runs-dir"], io);
  if (flags.stat) io.out.lines(statLines(difference));
  else io.out.write(io.out.isTTY ? safeText(cleanLines(difference.text), io.out.paint) : difference.text);
  if (difference.text === "") io.talk.lines([line("nothing changed", "quiet")]);
  return 0;
}

/** What an instance changed. @throws UserError run-not-found, instance-not-found, workspace-not-usable, usage */
export async function differenceOf(
  [text, name]: readonly [run: string, instance: string],
  runsDir: string | undefined,
  io: Io,
): Promise<{ readonly instance: string; readonly difference: Difference }> {
  const opened = openRun(text, runsDir, io);
  const instance = instanceOf(opened.state, name);
  if (instance.workspace === undefined) throw withoutFolder(instance);
  const { path } = instance.workspace;
  const folder = listRecords(io.env).find((each) => each.path === path);
  const difference = await readDifference(createGit(io.env), folder, savedFile(instance, opened.directory));
  if (difference !== undefined) return { instance: instance.name, difference };
  throw new UserError("workspace-not-usable", `What \`${instance.name}\` changed is not known any more`, {
    hint: `neither ${path} nor a saved difference is there`,
  });
}

/** Of the last attempt that has one. */
function savedFile({ attempts }: InstanceState, directory: string): string | undefined {
  return attempts
    .map(({ files }) => join(directory, files.stdout.replace(/\.stdout$/, ".diff")))
    .findLast((file) => existsSync(file));
}

function withoutFolder({ name, attempts }: InstanceState): UserError {
  return attempts.length === 0
    ? new UserError("instance-not-found", `\`${name}\` was never started, so it changed nothing`)
    : new UserError(
        "usage",
        `\`${name}\` worked in the workspace itself, beside others: what it changed is not known`,
        {
          hint: "write `isolation: worktree` to know the next time",
        },
      );
}

function statLines({ files }: Difference): readonly Line[] {
  const sum = (of: "insertions" | "deletions"): number => files.reduce((total, each) => total + (each[of] ?? 0), 0);
  const rows = files.map(({ path, insertions, deletions }): Line => {
    if (insertions === undefined || deletions === undefined) return [span(`${path}  `), span("no text", "quiet")];
    return [span(`${path}  `), span(`+${insertions}`, "good"), span(" "), span(`-${deletions}`, "bad")];
  });
  return files.length === 0
    ? []
    : [...rows, line(`${counted(files.length, "file")} changed, +${sum("insertions")} -${sum("deletions")}`, "quiet")];
}
