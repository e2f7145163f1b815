import type { Wisher } from "@claude-orchestrator/domain";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { makeControlAddress, removeControlAddress } from "./controlAddress.ts";
import { type ControlReply, type ControlRequest, readRequest } from "./controlMessages.ts";
import { readLine } from "./messageReader.ts";

/** More at once are closed unheard: whoever was meant asks again. */
const mostConnections = 64;

/** A request is whole, and its reply read, within this, or its connection is closed. */
const patienceMs = 2000;

/** What is asked for is done, or refused, before it is answered: within some seconds, or whoever asked has gone. */
type ControlAnswerer = (request: ControlRequest, by?: Wisher) => ControlReply | Promise<ControlReply>;

export interface ControlServer {
  /** For `askControl`: the path of a socket, the name of a pipe. */
  readonly address: string;
  /** 256 random bits; only who knows them is heard. */
  readonly token: string;
  /** Takes the socket away. Idempotent. */
  close(): void;
}

/**
 * Listens for requests to the program that supervises the run of this folder: one line in, one line out, per connection.
 *
 * 1. Only a whole, valid request with the token, in its time, reaches `answer`; anything else gets a sentence, or nothing.
 * 2. Of what comes no more is kept than one message each of a bounded number of connections, each for a bounded time.
 * 3. Nothing that happens here ends the program or keeps it alive; an `answer` that throws (a bug) has failed alone.
 *
 * @throws the system's error where no socket can be made
 */
export async function openControlServer(directory: string, answer: ControlAnswerer): Promise<ControlServer> {
  const token = randomBytes(32).toString("hex");
  const address = makeControlAddress(directory);
  removeStale(address, directory);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    void serve(socket, token, answer);
  });
  server.maxConnections = mostConnections;
  server.unref();
  await listen(server, address);
  return {
    address,
    token,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
      removeControlAddress(address);
    },
  };
}

/** A killed supervisor leaves its socket behind; whoever opens a server here holds the run's lock. */
function removeStale(address: string, directory: string): void {
  if (address.startsWith(directory)) removeControlAddress(address);
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      // A connection that could not be taken is its caller's loss (no descriptor left): the run goes on.
      server.on("error", () => undefined);
      if (process.platform !== "win32") chmodSync(address, 0o600);
      resolve();
    });
  });
}

async function serve(socket: Socket, token: string, answer: ControlAnswerer): Promise<void> {
  const line = await readLine(socket, patienceMs);
  if (line === undefined) {
    socket.destroy();
    return;
  }
  const reply = await replyTo(line, token, answer);
  const late = setTimeout(() => socket.destroy(), patienceMs);
  late.unref();
  socket.once("close", () => clearTimeout(late));
  socket.end(`${JSON.stringify(reply)}\n`);
  // Read to its end, so that the other side gets the reply and no reset.
  socket.resume();
}

async function replyTo(line: string, token: string, answer: ControlAnswerer): Promise<ControlReply> {
  const read = readRequest(line);
  if (typeof read === "string") return { ok: false, message: read };
  if (!isSame(read.token, token)) return { ok: false, message: "the token is not that of this run" };
  // It lay here while this program was held still; whoever asked has gone, and was told that nobody answered.
  if (Date.now() > read.until) return { ok: false, message: "this request came too late" };
  try {
    return await answer(read.request, read.by);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `this failed, which is our bug: ${why}` };
  }
}

/** Takes as long for one wrong letter as for all, and tells nothing of the length. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
