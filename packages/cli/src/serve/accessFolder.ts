import { join } from "node:path";
import { AccessBook } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { stateFolder } from "../schedule/stateFolder.ts";

/** Where this person's servers keep who may ask them. */
export function accessFolder(io: Pick<Io, "env" | "cwd">): string {
  return join(stateFolder(io), "server");
}

export function accessBook(io: Pick<Io, "env" | "cwd">): AccessBook {
  return new AccessBook(accessFolder(io), () => Date.now());
}
