import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import type { RequestBody } from "./requestBody.ts";

/**
 * Sends a body after its head, and gives the answer's head as soon as there is one: an API may answer before it has read all.
 * Rejects where it cannot be reached or breaks off before that, and when aborted.
 */
export async function exchangeHeads(
  sent: ClientRequest,
  body: Pick<RequestBody, "start" | "isWhole">,
  request: IncomingMessage,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  // What breaks later is seen by whoever reads the answer.
  sent.on("error", () => undefined);
  const answered = once(sent, "response", signal === undefined ? {} : { signal });
  const writing = write(sent, body.start, body.isWhole ? undefined : request);
  // Where it cannot be written there will be an error or an early answer instead.
  writing.catch(() => undefined);
  const [answer] = (await answered) as [IncomingMessage];
  return answer;
}

async function write(sent: ClientRequest, start: readonly Buffer[], rest: IncomingMessage | undefined): Promise<void> {
  for (const chunk of start) if (!sent.write(chunk)) await once(sent, "drain");
  if (rest === undefined) sent.end();
  else await pipeline(rest, sent);
}
