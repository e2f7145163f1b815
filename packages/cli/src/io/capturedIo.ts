import { noPaint } from "../views/text/paint.ts";
import { Channel } from "./channel.ts";
import type { Io, OutputStream } from "./channel.ts";

/** An `Io` for a command that is asked by another program: what it prints is kept. */
export interface CapturedIo extends Io {
  printed(): string;
  said(): string;
}

export function capturedIo({ env, cwd, by }: Pick<Io, "env" | "cwd" | "by">): CapturedIo {
  const [printed, said] = [[] as string[], [] as string[]];
  return {
    out: keeping(printed),
    talk: keeping(said),
    env,
    cwd,
    by,
    verbose: false,
    printed: () => printed.join(""),
    said: () => said.join("").trimEnd(),
  };
}

function keeping(parts: string[]): Channel {
  const stream: OutputStream = {
    write: (text, done) => {
      parts.push(typeof text === "string" ? text : Buffer.from(text).toString("utf8"));
      done?.();
      return true;
    },
    on: () => undefined,
    off: () => undefined,
  };
  return new Channel(stream, noPaint);
}
