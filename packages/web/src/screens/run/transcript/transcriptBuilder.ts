import { addUsage, costOf } from "@claude-orchestrator/domain";
import type { TokenUsage } from "@claude-orchestrator/domain";

/** Something an agent said or did, in the order it did. `line` is where the log has it, from 1. */
export type Block =
  | { readonly kind: "text" | "thinking"; readonly text: string; readonly line: number }
  | { readonly kind: "note"; readonly text: string; readonly line: number; readonly isBad: boolean }
  | ToolCall;

export interface ToolCall {
  readonly kind: "tool";
  readonly callId: string;
  readonly tool: string;
  /** What it was called with, as JSON or as its one text. */
  readonly input: string;
  /** What it is about: a command, a path, a description. */
  readonly object: string;
  readonly line: number;
  readonly from: number | undefined;
  readonly result: ToolResult | undefined;
  readonly isDenied: boolean;
  /** What a sub-agent said and did that was asked by it. */
  readonly children: readonly Block[];
}

export interface ToolResult {
  readonly ok: boolean;
  readonly text: string;
  readonly line: number;
  readonly to: number | undefined;
}

/** One answer of the model, or what was said to it. */
export interface Turn {
  readonly number: number;
  readonly by: "agent" | "person";
  readonly line: number;
  readonly at: number | undefined;
  readonly model: string | undefined;
  readonly usage: TokenUsage | undefined;
  /** In dollars, by the catalogue; undefined where the price is not known. */
  readonly cost: number | undefined;
  readonly blocks: readonly Block[];
}

export interface Transcript {
  readonly turns: readonly Turn[];
  /** By path, in the order they were first touched. */
  readonly files: readonly TouchedFile[];
  readonly denied: readonly { readonly tool: string; readonly object: string; readonly line: number }[];
  /** Lines that are not an agent's events, or of a kind not known. */
  readonly unread: number;
}

export interface TouchedFile {
  readonly path: string;
  readonly reads: number;
  readonly writes: number;
  /** Where it was touched last. */
  readonly line: number;
}

interface DraftTurn {
  readonly key: string;
  readonly by: "agent" | "person";
  readonly line: number;
  readonly at: number | undefined;
  model: string | undefined;
  usage: TokenUsage | undefined;
  readonly blocks: DraftBlock[];
}

type DraftBlock = Exclude<Block, ToolCall> | DraftCall;

interface DraftCall {
  readonly kind: "tool";
  readonly callId: string;
  readonly tool: string;
  readonly input: string;
  readonly object: string;
  readonly line: number;
  readonly from: number | undefined;
  result: ToolResult | undefined;
  isDenied: boolean;
  readonly children: DraftBlock[];
}

/** Where something is said: in which turn (by its key), at which line, and beneath which tool call. */
export interface Place {
  readonly turn: string;
  readonly line: number;
  readonly at: number | undefined;
  readonly parent?: string | undefined;
}

/** Puts what was read line by line together: calls with their results, sub-agents beneath the call that asked them. */
export class TranscriptBuilder {
  readonly #turns = new Map<string, DraftTurn>();
  readonly #calls = new Map<string, DraftCall>();
  readonly #files = new Map<string, TouchedFile>();
  #unread = 0;

  text(place: Place, kind: "text" | "thinking", text: string): void {
    if (text.trim() !== "") this.#blocksOf(place).push({ kind, text, line: place.line });
  }

  /** What comes in pieces: joined to the text before it. */
  moreText(place: Place, text: string): void {
    const blocks = this.#blocksOf(place);
    const last = blocks.at(-1);
    if (last?.kind !== "text") blocks.push({ kind: "text", text, line: place.line });
    else blocks[blocks.length - 1] = { ...last, text: last.text + text };
  }

  note(place: Place, text: string, isBad = false): void {
    this.#blocksOf(place).push({ kind: "note", text, line: place.line, isBad });
  }

  /** A call that was heard of before changes nothing. */
  call(place: Place, { callId, tool, input, object }: Pick<ToolCall, "callId" | "tool" | "input" | "object">): void {
    if (this.#calls.has(callId)) return;
    const { line, at: from } = place;
    const call: DraftCall = {
      kind: "tool",
      callId,
      tool,
      input,
      object,
      line,
      from,
      result: undefined,
      isDenied: false,
      children: [],
    };
    this.#calls.set(callId, call);
    this.#blocksOf(place).push(call);
  }

  result(callId: string, result: ToolResult): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) call.result = result;
  }

  deny(callId: string): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) call.isDenied = true;
  }

  touch(path: string, how: "read" | "write", line: number): void {
    const before = this.#files.get(path) ?? { path, reads: 0, writes: 0, line };
    const count = how === "read" ? { reads: before.reads + 1 } : { writes: before.writes + 1 };
    this.#files.set(path, { ...before, ...count, line });
  }

  spent(turn: string, model: string | undefined, usage: TokenUsage): void {
    const draft = this.#turns.get(turn);
    if (draft === undefined) return;
    draft.usage = usage;
    draft.model = model ?? draft.model;
  }

  person(place: Place, text: string): void {
    if (text.trim() === "") return;
    const draft = this.#turnOf(place, "person");
    draft.blocks.push({ kind: "text", text, line: place.line });
  }

  pass(): void {
    this.#unread += 1;
  }

  finish(): Transcript {
    const turns = [...this.#turns.values()]
      .filter(({ blocks, usage }) => blocks.length > 0 || usage !== undefined)
      .map(({ by, line, at, model, usage, blocks }, index) => {
        const cost = model === undefined || usage === undefined ? undefined : costOf(model, usage, "call");
        return { number: index + 1, by, line, at, model, usage, cost, blocks };
      });
    const denied = [...this.#calls.values()].filter(({ isDenied }) => isDenied);
    return { turns, files: [...this.#files.values()], denied, unread: this.#unread };
  }

  #turnOf({ turn, line, at }: Place, by: "agent" | "person"): DraftTurn {
    const known = this.#turns.get(turn);
    if (known !== undefined) return known;
    const fresh: DraftTurn = { key: turn, by, line, at, model: undefined, usage: undefined, blocks: [] };
    this.#turns.set(turn, fresh);
    return fresh;
  }

  #blocksOf(place: Place): DraftBlock[] {
    const call = place.parent === undefined ? undefined : this.#calls.get(place.parent);
    return call?.children ?? this.#turnOf(place, "agent").blocks;
  }
}

/** Tokens of all turns together. */
export function usageOfTurns(turns: readonly Turn[]): TokenUsage | undefined {
  return turns.reduce<TokenUsage | undefined>((sum, { usage }) => {
    if (usage === undefined) return sum;
    return sum === undefined ? usage : addUsage(sum, usage);
  }, undefined);
}
