import { readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { latest } from "./repository.ts";
import type { SigningKeys } from "./roleKeys.ts";

/** The roles that are signed anew every day. */
const online = ["snapshot", "timestamp"] as const;

/**
 * That the newest root believes these keys for snapshot and timestamp: with others every program would refuse what is published.
 *
 * @throws UserError
 */
export function refuseStrangers(folder: string, keys: SigningKeys): void {
  const version = latest(folder, "root");
  const file = path.join(folder, "metadata", `${version}.root.json`);
  if (version === 0) throw new UserError("usage", `${folder} has no root, so it is no repository of updates`);
  const { signed } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly signed: { readonly roles: Readonly<Record<string, { readonly keyids: readonly string[] }>> };
  };
  for (const role of online) {
    const believed = signed.roles[role]?.keyids ?? [];
    if (keys[role].some(({ id }) => believed.includes(id))) continue;
    throw new UserError("usage", `The key for the ${role} is none that ${file} believes: nothing was signed`, {
      hint: "docs/guide/updating.md: a new key is believed once a new root says so",
    });
  }
}
