import { connect } from "node:net";
import type { Wisher } from "@claude-orchestrator/domain";
import { whyNotTrusted } from "./controlAddress.ts";
import { type ControlReply, type ControlRequest, encodeRequest, notUnderstood, readReply } from "./controlMessages.ts";
import { readLine } from "./messageReader.ts";

export interface ControlPlace {
  readonly address: string;
  readonly token: string;
}

/** `unreachable`: nobody was asked, or nobody answered; `why` is the end of a sentence. */
export type ControlAnswerOrNot = ControlReply | { readonly unreachable: true; readonly why: string };

/** Whose wish it is, where that is known, and how long the reply is waited for. */
export interface AskOptions {
  readonly by?: Wisher | undefined;
  readonly timeoutMs?: number;
}

/**
 * Asks the program that supervises a run, and waits for its reply at most 5 s. The token is sent only where the socket lies in a
 * folder that is ours alone. Of a supervisor that is older than `by` it is asked without: what is wished counts more than the record
 * of it, which that one could not keep. Never rejects.
 */
export async function askControl(
  place: ControlPlace,
  request: ControlRequest,
  { by, timeoutMs = 5000 }: AskOptions = {},
): Promise<ControlAnswerOrNot> {
  const reply = await askOnce(place, { request, by }, timeoutMs);
  const isOlder = by !== undefined && "ok" in reply && !reply.ok && reply.message === notUnderstood;
  return isOlder ? askOnce(place, { request }, timeoutMs) : reply;
}

function askOnce(
  place: ControlPlace,
  asked: { readonly request: ControlRequest; readonly by?: Wisher | undefined },
  timeoutMs: number,
): Promise<ControlAnswerOrNot> {
  const mistrust = whyNotTrusted(place.address);
  if (mistrust !== undefined) return Promise.resolve({ unreachable: true, why: mistrust });
  return new Promise((resolve) => {
    const until = Date.now() + timeoutMs;
    const socket = connect(place.address);
    let problem: string | undefined;
    let hasHungUp = false;
    socket.once("close", () => (hasHungUp = true));
    socket.once("error", (error) => (problem = error.message));
    socket.once("connect", () => socket.write(`${encodeRequest({ token: place.token, until, ...asked })}\n`));
    void readLine(socket, timeoutMs).then((line) => {
      const why = hasHungUp ? "it hung up without an answer" : whyNot(line, timeoutMs);
      socket.destroy();
      const reply = line === undefined ? undefined : readReply(line);
      resolve(reply ?? { unreachable: true, why: problem ?? why });
    });
  });
}

function whyNot(line: string | undefined, timeoutMs: number): string {
  return line === undefined ? `it did not answer within ${timeoutMs / 1000}s` : "its answer is not understood";
}
