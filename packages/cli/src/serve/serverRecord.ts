import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonValue, ProcessIdentity } from "@claude-orchestrator/domain";
import { isAlive, ownIdentity } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { accessFolder } from "./accessFolder.ts";

/** A server of this person that runs now. */
export interface ServerRecord {
  readonly url: string;
  readonly port: number;
  readonly identity: ProcessIdentity;
}

/** Says that this process is a server, until the answer is called. */
export function writeServerRecord({ url, port }: Pick<ServerRecord, "url" | "port">, io: Io): () => void {
  const folder = recordsFolder(io);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${port}.json`);
  writeFileSync(path, JSON.stringify({ url, port, identity: ownIdentity() }), { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** Those whose process is alive. */
export function runningServers(io: Io): readonly ServerRecord[] {
  return namesIn(recordsFolder(io)).flatMap((name) => recordAt(join(recordsFolder(io), name)) ?? []);
}

function recordsFolder(io: Io): string {
  return join(accessFolder(io), "running");
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    // No server ever ran.
    return [];
  }
}

function recordAt(path: string): ServerRecord | undefined {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as JsonValue;
    if (!isJsonObject(value)) return undefined;
    const record = value as unknown as ServerRecord;
    return typeof record.url === "string" && isAlive(record.identity) ? record : undefined;
  } catch {
    // Half written, or gone meanwhile.
    return undefined;
  }
}
