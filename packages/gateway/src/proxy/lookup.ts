import type { IncomingMessage, ServerResponse } from "node:http";
import { passAnswer } from "./answerPassage.ts";
import { exchangeHeads } from "./exchangeHeads.ts";
import { sendUnreachable, unreachableSentence } from "./ownAnswers.ts";
import type { OpenPass } from "./passBook.ts";
import type { Upstream } from "./upstream.ts";

/** Passes a request on that costs nothing (a list of models, a count of tokens). It ends with its attempt as well. */
export async function lookUp(
  { pass, upstream, path }: { readonly pass: OpenPass; readonly upstream: Upstream; readonly path: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", rawHeaders } = request;
  const sent = upstream.request({ method, path, headers: rawHeaders });
  const giveUp = (): void => {
    sent.destroy();
    response.destroy();
  };
  pass.underWay.add(giveUp);
  response.once("close", () => {
    if (!response.writableFinished) sent.destroy();
  });
  try {
    const answer = await exchangeHeads(sent, { start: [], isWhole: false }, request);
    if ((await passAnswer(answer, response, undefined)) === "whole") response.end();
  } catch (error) {
    sendUnreachable(response, unreachableSentence(upstream, error));
  } finally {
    pass.underWay.delete(giveUp);
  }
}
