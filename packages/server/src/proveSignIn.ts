import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { routes } from "@claude-orchestrator/protocol";

/**
 * Asks the server itself, from outside, for what nobody may have who is not signed in. Gives a sentence where it is not refused: such
 * a server must not go on.
 */
export async function proveSignIn({
  origin,
  host,
}: {
  readonly origin: string;
  readonly host: string;
}): Promise<string | undefined> {
  const status = await statusOf(`${origin}${routes.listRuns.path}`, host);
  if (status === 401) return undefined;
  return `The server answered ${status} to somebody who is not signed in, where it must answer 401: it does not start`;
}

function statusOf(url: string, host: string): Promise<number | string> {
  const { protocol, port, pathname, host: name } = new URL(url);
  const ask = protocol === "https:" ? httpsRequest : httpRequest;
  // Its own certificate need not be known here: nothing is sent that anybody could want.
  const options = {
    host: host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host,
    port,
    path: pathname,
    headers: { host: name },
    rejectUnauthorized: false,
    agent: false,
  };
  return new Promise((resolve) => {
    const request = ask(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", (error) => resolve(error.message));
    request.end();
  });
}
