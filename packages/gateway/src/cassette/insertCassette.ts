import type { UpstreamOptions } from "../proxy/upstream.ts";
import type { Deck } from "./deckServer.ts";

interface CassetteCommon {
  /** Absolute. */
  readonly folder: string;
  /** Of the person: it is named by a mark on the cassette. */
  readonly home?: string;
  /** Instances of which an attempt was under way when an earlier supervisor of this run was gone. */
  readonly cut: readonly string[];
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** What a cassette needs of the run it is in. */
export interface CassetteRoom {
  /** The run's own: named by a mark on the cassette, and whole differences are written there. */
  readonly directory: string;
  /** Ends an instance that has asked what is not on the cassette. */
  stop(instance: string, because: string): void;
}

/** A cassette in the place of the model APIs, or between them and the gateway. */
export type CassetteOptions =
  | (CassetteCommon & {
      readonly kind: "record";
      readonly about: { readonly version: string; readonly programs: Readonly<Record<string, string>> };
    })
  | (CassetteCommon & {
      readonly kind: "replay";
      /** real: answers come in the pace in which they came. */
      readonly pace: "real" | "fast";
      /** How a recorded text and another differ: the first lines of it, and all of it. */
      readonly explain: (
        recorded: string,
        asked: string,
      ) => Promise<{ readonly short: readonly string[]; readonly whole: string }>;
    });

/**
 * The deck a gateway asks from then on.
 *
 * @param room absent: nobody is told of a mismatch but the agent
 * @throws UserError cassette-not-usable, gateway-upstream
 */
export async function insertCassette(
  options: CassetteOptions,
  upstreams: readonly UpstreamOptions[],
  room?: CassetteRoom,
): Promise<Deck> {
  if (options.kind === "record") {
    const { recordingDeck } = await import("./recordingDeck.ts");
    return recordingDeck(options, upstreams, room);
  }
  const { playingDeck } = await import("./playingDeck.ts");
  return playingDeck(
    options,
    upstreams.map(({ vendor }) => vendor),
    room,
  );
}
