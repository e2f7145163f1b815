import { Refusal } from "@claude-orchestrator/server";
import type { FleetCall } from "@claude-orchestrator/server";
import { capturedIo } from "../io/capturedIo.ts";
import type { Io } from "../io/channel.ts";

/** What a command came to, for whoever asked over the network. */
export interface Answered {
  /** What it printed, read as JSON; undefined where it printed none. */
  readonly document: unknown;
  /** What it said beside that. */
  readonly said: string;
}

/** The same for whoever asks: it is in the log of the run, too, what they wished. */
export function by(io: Io, { principal }: FleetCall): Io {
  return { ...io, by: principal.actor };
}

/**
 * A command's own answer: the server's documents are the ones `--json` prints, made by the same code.
 *
 * @param accept the exit codes that are an answer
 * @throws Refusal with what it said, for another exit code; a UserError of the command's passes
 */
export async function answered(
  io: Io,
  command: (io: Io) => Promise<number>,
  accept: readonly number[] = [0],
): Promise<Answered> {
  const captured = capturedIo(io);
  const code = await command(captured);
  const said = captured.said();
  if (!accept.includes(code)) throw refusalOf(said, code);
  const printed = captured.printed();
  return { document: printed === "" ? undefined : (JSON.parse(printed) as unknown), said };
}

/** Of what a program says where it ends badly: its error, and its hint apart. */
export function refusalOf(said: string, code: number | null): Refusal {
  const [, message = said, hint] = /^(?:error: )?([\s\S]*?)(?:\n+hint: ([\s\S]*))?$/.exec(said.trim()) ?? [];
  const words = message.trim() === "" ? `It ended with exit code ${code ?? "none"}` : message.trim();
  return new Refusal(422, "not-started", words, hint === undefined ? {} : { hint: hint.trim() });
}
