import { useEffect, useMemo, useState } from "react";
import { api } from "../../../data/api.ts";
import type { LogPlace } from "../../../data/api.ts";
import { readTranscript } from "./readTranscript.ts";
import type { TranscriptLine } from "./readTranscript.ts";
import type { Transcript } from "./transcriptBuilder.ts";
import { wholeLines } from "./wholeLines.ts";

export interface HeardTranscript {
  /** Undefined before the first answer. */
  readonly transcript: Transcript | undefined;
  readonly isOver: boolean;
  /** How many of its lines were read, and whether that is less than there is. */
  readonly lines: number;
  readonly isCut: boolean;
  readonly error: unknown;
}

interface Heard extends Omit<HeardTranscript, "transcript" | "lines"> {
  readonly lines: readonly TranscriptLine[] | undefined;
}

const nothing: Heard = { lines: undefined, isOver: false, isCut: false, error: null };
const pageLines = 2_000;
/** Enough for a day's work of one agent; the log has the rest. */
const mostLines = 60_000;
const tailWaitMs = 20_000;
const afterErrorMs = 3_000;

/** What an attempt's agent said and did, as far as it has, and on as it goes on. */
export function useTranscript(run: string, instance: string, attempt: number): HeardTranscript {
  const [heard, setHeard] = useState<Heard>(nothing);
  useEffect(() => {
    const end = new AbortController();
    setHeard(nothing);
    void follow({ run, place: { instance, attempt }, signal: end.signal, tell: setHeard });
    return () => end.abort();
  }, [run, instance, attempt]);
  const { lines } = heard;
  const transcript = useMemo(() => (lines === undefined ? undefined : readTranscript(lines)), [lines]);
  return { ...heard, transcript, lines: lines?.length ?? 0 };
}

interface Following {
  readonly run: string;
  readonly place: LogPlace;
  readonly signal: AbortSignal;
  readonly tell: (heard: Heard) => void;
}

async function follow(following: Following): Promise<void> {
  const { signal, tell } = following;
  let at: Reached = { lines: [], from: 1, wait: 0, isEnd: false };
  while (!signal.aborted && !at.isEnd) {
    try {
      at = await readOn(following, at);
    } catch (error) {
      if (signal.aborted) return;
      tell({ ...nothing, lines: at.lines.length === 0 ? undefined : at.lines, error });
      await new Promise((resolve) => {
        setTimeout(resolve, afterErrorMs);
      });
    }
  }
}

interface Reached {
  readonly lines: readonly TranscriptLine[];
  /** The next line to ask for, and how long to wait for it. */
  readonly from: number;
  readonly wait: number;
  /** True: nothing more is read. */
  readonly isEnd: boolean;
}

async function readOn({ run, place, signal, tell }: Following, before: Reached): Promise<Reached> {
  const query = { ...place, from_line: before.from, lines: pageLines, wait_ms: before.wait };
  const page = await api.log(run, query, signal);
  const lines = [...before.lines, ...(await wholeLines(run, place, page, signal))];
  const from = Math.max(page.next_line, before.from);
  const isAtEnd = from > page.total_lines;
  const isCut = lines.length >= mostLines && !isAtEnd;
  // Not with every page: what is read anew each time grows.
  if (isAtEnd || isCut || lines.length <= pageLines) tell({ lines, isOver: page.is_over, isCut, error: null });
  return { lines, from, wait: isAtEnd ? tailWaitMs : 0, isEnd: isCut || (page.is_over && isAtEnd) };
}
