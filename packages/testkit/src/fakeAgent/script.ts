import type { JsonValue } from "@claude-orchestrator/domain";

/** What a fake agent does, in order. After the last step it exits with code 0. */
export type FakeScript = readonly FakeStep[];

export type FakeStep =
  /** One JSON value and a line end on standard output. */
  | { readonly do: "emit"; readonly line: JsonValue }
  /** Text as it is: no line end is added. */
  | { readonly do: "print"; readonly text: string; readonly to?: OutputName }
  /** Bytes as they are: invalid UTF-8, NUL, half a character. */
  | { readonly do: "bytes"; readonly base64: string; readonly to?: OutputName }
  /** `count` times the same character: a line of any length from a short script. */
  | { readonly do: "fill"; readonly count: number; readonly character?: string; readonly to?: OutputName }
  /** The steps `times` over; `{{n}}` in their strings becomes the turn's number, from 0. */
  | { readonly do: "repeat"; readonly times: number; readonly steps: FakeScript }
  /** Goes on when the file exists. */
  | { readonly do: "wait-for-file"; readonly path: string }
  /** Makes a file (with this text, or empty): how a test learns that this point was reached. */
  | { readonly do: "touch"; readonly path: string; readonly text?: string }
  /** Appends a line: for counting attempts across processes. */
  | { readonly do: "append"; readonly path: string; readonly text: string }
  /** Writes what it was started with, as JSON: a `StartFacts`. */
  | { readonly do: "report"; readonly path: string }
  /** Takes further steps from a test over a socket until told to end (see fakeControl.ts). */
  | { readonly do: "obey"; readonly socket: string; readonly name: string }
  /** From here on the signal does nothing but the given steps. */
  | { readonly do: "on-signal"; readonly signal: NodeJS.Signals; readonly steps: FakeScript }
  /** Starts a process that outlives it. Its pid is written to `pidFile` before the next step. */
  | { readonly do: "fork"; readonly how: ForkKind; readonly pidFile: string }
  /** Kills itself. */
  | { readonly do: "signal"; readonly signal: NodeJS.Signals }
  /** Does nothing, for ever. */
  | { readonly do: "hang" }
  /** The steps where the file does not exist yet, then makes it: fails once, then works. */
  | { readonly do: "once"; readonly path: string; readonly first: FakeScript; readonly then: FakeScript }
  /** Ends at once. What was written before is with the system, read or not. */
  | { readonly do: "exit"; readonly code: number };

export type OutputName = "stdout" | "stderr";

/**
 * child: in the same process group. session: in a session of its own. orphan: double fork, its parent is gone at once.
 * holding: in a session of its own, with our standard output and error still open.
 */
export type ForkKind = "child" | "session" | "orphan" | "holding";

/** What a `report` step writes. */
export interface StartFacts {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin: string;
  readonly pid: number;
}

/** Where the fake agent looks for a script first: the script itself as JSON, or `@` and a path. */
const scriptVariable = "FAKE_AGENT_SCRIPT";

/** Before a script in a prompt (an argument, or standard input): all text after it is JSON, or `@` and a path. */
export const scriptMarker = "FAKE-AGENT ";

/** A prompt that makes the fake agent follow the script. */
export function promptFor(script: FakeScript): string {
  return `${scriptMarker}${JSON.stringify(script)}`;
}

/** An environment that makes the fake agent follow the script. */
export function environmentFor(script: FakeScript): Readonly<Record<string, string>> {
  return { [scriptVariable]: JSON.stringify(script) };
}
