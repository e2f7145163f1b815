import { useQueryClient } from "@tanstack/react-query";
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

/**
 * What an attempt's agent said and did, as far as it has, and on as it goes on. Whoever comes back finds what was read, also where no
 * server answers.
 */
export function useTranscript(run: string, instance: string, attempt: number): HeardTranscript {
  const queries = useQueryClient();
  const [heard, setHeard] = useState<Heard>(nothing);
  useEffect(() => {
    const end = new AbortController();
    const queryKey = ["transcript", run, instance, attempt];
    let known = queries.getQueryData<Known>(queryKey) ?? { heard: nothing, reached: start };
    setHeard(known.heard);
    const tell = (told: Heard, reached: Reached): void => {
      known = { heard: { ...told, error: null }, reached };
      setHeard(told);
    };
    void follow({ run, place: { instance, attempt }, signal: end.signal, tell }, known.reached);
    return () => {
      end.abort();
      // Set anew it would be compared with what was there, line by line.
      queries.removeQueries({ queryKey, exact: true });
      queries.setQueryData(queryKey, known);
    };
  }, [queries, run, instance, attempt]);
  const { lines } = heard;
  const transcript = useMemo(() => (lines === undefined ? undefined : readTranscript(lines)), [lines]);
  return { ...heard, transcript, lines: lines?.length ?? 0 };
}

interface Following {
  readonly run: string;
  readonly place: LogPlace;
  readonly signal: AbortSignal;
  readonly tell: (heard: Heard, reached: Reached) => void;
}

/** What was heard, and where to go on. */
interface Known {
  readonly heard: Heard;
  readonly reached: Reached;
}

async function follow(following: Following, from: Reached): Promise<void> {
  const { signal, tell } = following;
  let at = from;
  while (!signal.aborted && !at.isEnd) {
    try {
      at = await readOn(following, at);
    } catch (error) {
      if (signal.aborted) return;
      tell({ ...nothing, lines: at.lines.length === 0 ? undefined : at.lines, error }, at);
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

const start: Reached = { lines: [], from: 1, wait: 0, isEnd: false };

async function readOn({ run, place, signal, tell }: Following, before: Reached): Promise<Reached> {
  const query = { ...place, from_line: before.from, lines: pageLines, wait_ms: before.wait };
  const page = await api.log(run, query, signal);
  const lines = [...before.lines, ...(await wholeLines(run, place, page, signal))];
  const from = Math.max(page.next_line, before.from);
  const isAtEnd = from > page.total_lines;
  const isCut = lines.length >= mostLines && !isAtEnd;
  const reached = { lines, from, wait: isAtEnd ? tailWaitMs : 0, isEnd: isCut || (page.is_over && isAtEnd) };
  // Not with every page: what is read anew each time grows.
  if (isAtEnd || isCut || lines.length <= pageLines) tell({ lines, isOver: page.is_over, isCut, error: null }, reached);
  return reached;
}
