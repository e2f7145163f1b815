import type { IncomingMessage } from "node:http";
import { endToEnd } from "../proxy/headers.ts";
import { exchangeHeads } from "../proxy/exchangeHeads.ts";
import { sendUnreachable, unreachableSentence } from "../proxy/ownAnswers.ts";
import { readStart } from "../proxy/requestBody.ts";
import type { RequestBody } from "../proxy/requestBody.ts";
import { valueOf } from "../proxy/headers.ts";
import { createUpstream } from "../proxy/upstream.ts";
import type { Upstream, UpstreamOptions } from "../proxy/upstream.ts";
import { AnswerTape } from "./answerTape.ts";
import { askedText } from "./askedText.ts";
import { CassetteWriter } from "./cassetteFolder.ts";
import type { CassetteOptions, CassetteRoom } from "./insertCassette.ts";
import type { Deck, DeckRequest } from "./deckServer.ts";
import { instanceHeader, listenForGateway } from "./deckServer.ts";
import type { AnswerEnd } from "./interaction.ts";
import { createPlaces } from "./places.ts";
import type { Places } from "./places.ts";
import { interactionText } from "./tapeText.ts";

/**
 * Passes on to the real APIs, and keeps what is asked and answered. An interaction is on disk before the agent is told that its
 * answer is over.
 *
 * @throws UserError cassette-not-usable, gateway-upstream
 */
export async function recordingDeck(
  options: Extract<CassetteOptions, { readonly kind: "record" }>,
  real: readonly UpstreamOptions[],
  room?: CassetteRoom,
): Promise<Deck> {
  const writer = new CassetteWriter(options.folder);
  const upstreams = new Map(real.map((each) => [each.vendor, createUpstream(each)] as const));
  const recorder = new Recorder(options, writer, room?.directory);
  const server = await listenForGateway([...upstreams.keys()], async (asked) => {
    const upstream = upstreams.get(asked.vendor);
    if (upstream !== undefined) await recorder.pass(asked, upstream);
  });
  return {
    upstreams: server.upstreams,
    introduce: (instance, cwd) => recorder.introduce(instance, cwd),
    close: async () => {
      await server.close();
      for (const upstream of upstreams.values()) upstream.close();
      writer.seal({ ...options.about, cut: options.cut });
    },
  };
}

class Recorder {
  readonly #options: Extract<CassetteOptions, { readonly kind: "record" }>;
  readonly #writer: CassetteWriter;
  /** The folder of the run. */
  readonly #run: string | undefined;
  readonly #places = new Map<string, Places>();
  readonly #numbers = new Map<string, number>();

  constructor(
    options: Extract<CassetteOptions, { readonly kind: "record" }>,
    writer: CassetteWriter,
    run: string | undefined,
  ) {
    this.#run = run;
    this.#options = options;
    this.#writer = writer;
  }

  introduce(instance: string, cwd: string): void {
    this.#places.set(instance, createPlaces({ workspace: cwd, home: this.#options.home, run: this.#run }));
  }

  async pass(asked: DeckRequest, upstream: Upstream): Promise<void> {
    const { request, response, method, path, query } = asked;
    const body = await readStart(request, valueOf(request.rawHeaders, "content-encoding"));
    const number = this.#numberFor(asked.instance);
    const startedAt = performance.now();
    // Packed answers cannot be read on paper.
    const headers = without(request.rawHeaders, new Set([instanceHeader, "accept-encoding"]));
    const sent = upstream.request({
      method,
      path: `${path}${query}`,
      headers: [...headers, "Accept-Encoding", "identity"],
    });
    response.once("close", () => {
      if (!response.writableFinished) sent.destroy();
    });
    let answer: IncomingMessage;
    try {
      answer = await exchangeHeads(sent, body, request);
    } catch (error) {
      sendUnreachable(response, unreachableSentence(upstream, error));
      return;
    }
    const tape = new AnswerTape(answer, () => Math.round(performance.now() - startedAt));
    const end = await tape.passOn(response);
    this.#keep({ asked, body, number }, tape, end);
    if (end === "whole") response.end();
    else response.destroy();
  }

  #keep(
    { asked, body, number }: { readonly asked: DeckRequest; readonly body: RequestBody; readonly number: number },
    tape: AnswerTape,
    end: AnswerEnd,
  ): void {
    const { instance, vendor, method, path, query } = asked;
    const { redact } = this.#options;
    const places = this.#places.get(instance) ?? createPlaces({});
    const address = `/${vendor}${path}${query}`;
    const { parts, ...text } = askedText({ method, address, body: body.json }, places, redact);
    const interaction = {
      number,
      asked: text,
      answer: tape.recorded(end, (each) => places.toMarks(redact(each))),
    };
    this.#writer.addParts(parts);
    this.#writer.add(instance, interactionText(interaction, this.#writer.tape(instance)), interaction);
  }

  #numberFor(instance: string): number {
    const last = this.#numbers.get(instance) ?? Math.max(0, ...this.#writer.tape(instance).map(({ number }) => number));
    this.#numbers.set(instance, last + 1);
    return last + 1;
  }
}

function without(raw: readonly string[], names: ReadonlySet<string>): readonly string[] {
  const kept = endToEnd(raw);
  return kept.filter((_, at) => !names.has((kept[at - (at % 2)] ?? "").toLowerCase()));
}
