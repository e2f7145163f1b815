import type { Wisher } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";

/** The words by which a program of ours is told for whom it was started. A name is no secret: everybody may see the words. */
export function behalfWords(by: Wisher | undefined): readonly string[] {
  return by === undefined ? [] : [`--asked-by=${by.kind}:${by.name}`];
}

/** The same command for whom the word names; for nobody where it names none. */
export function onBehalf(io: Io, word: string | undefined): Io {
  const [, kind, name] = /^(session|token):([\s\S]+)$/.exec(word ?? "") ?? [];
  if (name === undefined) return io;
  return { ...io, by: { kind: kind === "token" ? "token" : "session", name } };
}
