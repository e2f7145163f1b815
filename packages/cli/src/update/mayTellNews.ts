import type { Io } from "../io/channel.ts";

/** They update, end long after they began, or speak to a program. */
const silent = ["update", "serve", "schedule daemon", "completion"];

/**
 * Whether a person could be told of a newer version after that command. No by default: somebody has configured where updates come
 * from, a person is looking, and no program reads along. Looks at nothing but what is at hand.
 */
export function mayTellNews(command: string, flags: Readonly<Record<string, unknown>>, { talk, env }: Io): boolean {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  if (!talk.isTTY || !isSet("CLAUDE_ORCHESTRATOR_UPDATE_URL")) return false;
  if (isSet("CI") || isSet("CLAUDE_ORCHESTRATOR_NO_UPDATE_NOTICE") || silent.includes(command)) return false;
  return flags["json"] !== true && flags["quiet"] !== true;
}
