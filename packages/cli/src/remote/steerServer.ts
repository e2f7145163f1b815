import { setTimeout as wait } from "node:timers/promises";
import { routes } from "@claude-orchestrator/protocol";
import type { Io } from "../io/channel.ts";
import { askServer } from "./askServer.ts";
import type { ServerAddress } from "./serverAddress.ts";
import { readServerAddress } from "./serverAddress.ts";

const patienceMs = 60_000;
const pollMs = 500;
const exitCodeOfNotYet = 1;

/** `pause --server` and `unpause --server`. */
export async function askToThere(
  kind: "pause" | "unpause",
  server: string,
  [run = ""]: readonly string[],
  io: Io,
): Promise<number> {
  const route = kind === "pause" ? routes.pauseRun : routes.unpauseRun;
  const { message } = await askServer(readServerAddress(server, io), route, { params: { run } });
  io.talk.write(`${message}\n`);
  return 0;
}

/** `stop --server`: 0 once the run has ended, 1 where it has not within a minute; an instance's end is not waited for. */
export async function stopRunThere(
  server: string,
  [run = "", instance]: readonly string[],
  { force }: { readonly force: boolean },
  io: Io,
): Promise<number> {
  const address = readServerAddress(server, io);
  const body = { force, ...(instance === undefined ? {} : { instance }) };
  // Another run may be the newest by the time this one has ended.
  const { run: id } = await askServer(address, routes.showRun, { params: { run } });
  const { message } = await askServer(address, routes.stopRun, { params: { run: id }, body });
  io.talk.write(`${message}\n`);
  if (instance !== undefined || (await hasEnded(address, id))) return 0;
  io.talk.write(`${id} has not ended within ${patienceMs / 1000}s: \`--force\` does not wait for its agents\n`);
  return exitCodeOfNotYet;
}

async function hasEnded(address: ServerAddress, run: string): Promise<boolean> {
  for (const until = performance.now() + patienceMs; performance.now() < until; await wait(pollMs)) {
    const { standing } = await askServer(address, routes.showRun, { params: { run } });
    if (standing === "settled") return true;
  }
  return false;
}

interface TakeUpFlags {
  readonly "accept-changes": boolean;
}

/** `retry --server`. */
export async function retryRunThere(
  server: string,
  [run = "", ...instances]: readonly string[],
  flags: TakeUpFlags,
  io: Io,
): Promise<number> {
  const body = { instances, accept_changes: flags["accept-changes"] };
  const { message } = await askServer(readServerAddress(server, io), routes.retryRun, { params: { run }, body });
  io.talk.write(`${message}\n`);
  return 0;
}

/** `resume --server`: it goes on there, without this terminal. */
export async function resumeRunThere(
  server: string,
  [run = ""]: readonly string[],
  flags: TakeUpFlags & { readonly json: boolean },
  io: Io,
): Promise<number> {
  const body = { accept_changes: flags["accept-changes"] };
  const resumed = await askServer(readServerAddress(server, io), routes.resumeRun, { params: { run }, body });
  if (flags.json) io.out.json(resumed);
  else io.out.write(`${resumed.run}\n`);
  return 0;
}
