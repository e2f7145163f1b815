import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What an attacker does instead with a file; undefined: serves it as it is. */
export type Attack = (path: string, response: ServerResponse) => true | undefined;

/** A server of files on loopback: a folder as it is, but for what an attack does. */
export interface UpdateServer extends AsyncDisposable {
  readonly url: URL;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
}

export async function startUpdateServer(folder: string, attack: Attack = () => undefined): Promise<UpdateServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    asked.push(path);
    if (attack(path, response) === true) return;
    try {
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
