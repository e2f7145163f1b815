import { PassThrough } from "node:stream";
import { Channel } from "../io/channel.ts";
import type { Io } from "../io/channel.ts";
import { paintFor } from "../views/text/paint.ts";

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

/** What a command prints into pipes, run in a folder, without an environment. */
export async function answerOf(command: (io: Io) => Promise<number>, cwd: string): Promise<Answer> {
  const [out, talk] = [new PassThrough(), new PassThrough()];
  const paint = paintFor({ env: {}, isTTY: false, flag: true });
  const io = { out: new Channel(out, paint), talk: new Channel(talk, paint), env: {}, cwd, verbose: false };
  const code = await command(io);
  return { code, out: String(out.read() ?? ""), talk: String(talk.read() ?? "") };
}
