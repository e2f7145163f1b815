import { mkdirSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { basename, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { routeOf } from "../dialects/route.ts";
import { valueOf } from "../proxy/headers.ts";
import { sendJson, sendUnknown } from "../proxy/ownAnswers.ts";
import { readStart } from "../proxy/requestBody.ts";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import { askedText, wholeText } from "./askedText.ts";
import type { AskedText } from "./askedText.ts";
import { readCassette, tapeName } from "./cassetteFolder.ts";
import type { Cassette } from "./cassetteFolder.ts";
import { listenForGateway } from "./deckServer.ts";
import type { Deck, DeckRequest } from "./deckServer.ts";
import type { CassetteOptions, CassetteRoom } from "./insertCassette.ts";
import type { RecordedAnswer } from "./interaction.ts";
import { createPlaces } from "./places.ts";
import type { Places } from "./places.ts";
import { TapePlayer } from "./tapePlayer.ts";

type ReplayOptions = Extract<CassetteOptions, { readonly kind: "replay" }>;

/**
 * Answers from a cassette, and asks nobody. What is not on it stops its instance: that request and every later one of it is
 * refused, with what is different. A mere look-up that is not on it is told that there is nothing.
 *
 * @throws UserError cassette-not-usable
 */
export async function playingDeck(
  options: ReplayOptions,
  vendors: readonly ModelVendor[],
  room?: CassetteRoom,
): Promise<Deck> {
  const player = new Player(options, readCassette(options.folder), room);
  const server = await listenForGateway(vendors, (asked) => player.answer(asked));
  return {
    upstreams: server.upstreams,
    introduce: (instance, cwd) => player.introduce(instance, cwd),
    close: () => server.close(),
  };
}

class Player {
  readonly #options: ReplayOptions;
  readonly #cassette: Cassette;
  readonly #room: CassetteRoom | undefined;
  readonly #tapes = new Map<string, TapePlayer>();
  readonly #places = new Map<string, Places>();
  /** By instance: why it was stopped. */
  readonly #stopped = new Map<string, string>();

  constructor(options: ReplayOptions, cassette: Cassette, room: CassetteRoom | undefined) {
    this.#room = room;
    this.#options = options;
    this.#cassette = cassette;
  }

  introduce(instance: string, cwd: string): void {
    this.#places.set(instance, createPlaces({ workspace: cwd, home: this.#options.home, run: this.#room?.directory }));
  }

  async answer(asked: DeckRequest): Promise<void> {
    const { instance, vendor, method, path, query, request, response } = asked;
    const body = await readStart(request, valueOf(request.rawHeaders, "content-encoding"));
    // What was not read is not wanted either; the answer may be sent all the same.
    if (!body.isWhole) request.resume();
    const places = this.#places.get(instance) ?? createPlaces({});
    const address = `/${vendor}${path}${query}`;
    const text = askedText({ method, address, body: body.json }, places, this.#options.redact);
    const route = routeOf(vendor, method, path, undefined);
    const isFree = route.kind === "free";
    const tape = this.#tapeOf(instance);
    const found = this.#stopped.has(instance) ? undefined : tape.take(wholeText(text), isFree);
    if (found !== undefined) await this.#play(found, response, places);
    else if (route.kind !== "asks") sendUnknown(response, method, path);
    else sendMismatch(response, await this.#stop(instance, text, tape));
  }

  async #play(answer: RecordedAnswer, response: ServerResponse, places: Places): Promise<void> {
    response.writeHead(
      answer.status,
      answer.headers.flatMap(([name, value]) => [name, places.fromMarks(value)]),
    );
    response.flushHeaders();
    const startedAt = performance.now();
    for (const { afterMs, text } of answer.pieces) {
      const waitMs = this.#options.pace === "real" ? afterMs - (performance.now() - startedAt) : 0;
      if (waitMs > 0) await after(waitMs);
      if (response.destroyed) return;
      response.write(answer.written === "base64" ? Buffer.from(text, "base64") : places.fromMarks(text));
    }
    // left: the agent will go away here as well; until then it waits, as it did.
    if (answer.end === "whole") response.end();
    else if (answer.end === "cut") await flushed(response);
  }

  #tapeOf(instance: string): TapePlayer {
    const known = this.#tapes.get(instance) ?? new TapePlayer(this.#cassette.tapes.get(instance) ?? []);
    this.#tapes.set(instance, known);
    return known;
  }

  async #stop(instance: string, text: AskedText, tape: TapePlayer): Promise<string> {
    const known = this.#stopped.get(instance);
    if (known !== undefined) return known;
    const reason = await this.#mismatch(instance, text, tape);
    if (!this.#stopped.has(instance)) this.#room?.stop(instance, reason);
    this.#stopped.set(instance, reason);
    return reason;
  }

  async #mismatch(instance: string, text: AskedText, tape: TapePlayer): Promise<string> {
    const { folder, explain, cut } = this.#options;
    if (cut.includes(instance)) return cutSentence;
    const closest = tape.closest(wholeText(text));
    const name = tapeName(instance);
    if (closest === undefined) {
      return `it asks its model for more than the cassette has: the ${tape.length} requests of ${join(folder, name)} are all answered`;
    }
    const parts = new Map([...this.#cassette.parts, ...text.parts]);
    const { short, whole } = await explain(unfolded(wholeText(closest.asked), parts), unfolded(wholeText(text), parts));
    const file = this.#write(`${basename(name, ".txt")}.diff`, whole);
    return [
      `what it asks its model is not on the cassette; closest is request ${closest.number} of ${name} (- recorded, + asked now):`,
      ...short,
      ...(file === undefined ? [] : [`the whole difference: ${file}`]),
    ].join("\n");
  }

  #write(name: string, text: string): string | undefined {
    if (this.#room === undefined) return undefined;
    const folder = join(this.#room.directory, "replay");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  }
}

/** What went on was another conversation than the one that was recorded: no difference of the two says anything. */
const cutSentence =
  "it was cut off when this replay was killed, and how it goes on from there is not on the cassette: replay the file again from its beginning";

/** An error that is nobody's budget, with the fields by which each of the four APIs says that the request is to blame. */
function sendMismatch(response: ServerResponse, message: string): void {
  const error = { type: "invalid_request_error", code: 400, message, status: "INVALID_ARGUMENT", param: null };
  sendJson(response, 400, { type: "error", error }, ["x-should-retry", "false"]);
}

/** With the long parts in their places. */
function unfolded(text: string, parts: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\(part ([0-9a-f]{12})\)/g, (mark, digest: string) => {
    const part = parts.get(digest);
    return part === undefined
      ? mark
      : `\n${part
          .split("\n")
          .map((line) => `  ${line}`)
          .join("\n")}`;
  });
}

/** What was written is sent before the connection is broken off: an agent would see less of it else. */
function flushed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.write("", () => {
      response.destroy();
      resolve();
    });
  });
}
