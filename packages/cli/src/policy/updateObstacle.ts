import type { Policy } from "@claude-orchestrator/config/file";
import type { Obstacle } from "../run/problems.ts";
import { namedFolder } from "../update/namedFolder.ts";
import { askAdministrator, refusal } from "./refusal.ts";

/** Where an update would come from, as it was written, and which channel it follows. */
interface UpdateWish {
  readonly source: string | undefined;
  readonly channel: string;
  /** A folder is meant from here. */
  readonly cwd: string;
}

/** Why the program may not update itself like that, by the policy of this machine; undefined where it may. */
export function updateObstacle({ locks }: Policy, { source, channel, cwd }: UpdateWish): Obstacle | undefined {
  if (locks.update === undefined) return undefined;
  const { value, at } = locks.update;
  if (value === "off") return refusal(at, "The policy of this machine has updates off", askAdministrator);
  if (value.source !== undefined && source !== undefined && place(source, cwd) !== place(value.source, "/")) {
    return refusal(
      at,
      `The policy allows updates from ${value.source}, not from ${source}`,
      `add \`--from ${value.source}\``,
    );
  }
  if (value.channel === undefined || value.channel === channel) return undefined;
  const message = `The policy allows updates of the channel ${value.channel}, not of ${channel}`;
  return refusal(at, message, `add \`--channel ${value.channel}\``);
}

/** However an address or a folder is written. */
function place(word: string, cwd: string): string {
  const isAddress = /^https?:/i.test(word) && URL.canParse(word);
  return (isAddress ? new URL(word).href : namedFolder(word, cwd)).replace(/\/+$/, "");
}
