import type { AskedText } from "./askedText.ts";

/** One request of an instance and what it was answered. */
export interface Interaction {
  /** 1 for the instance's first. */
  readonly number: number;
  readonly asked: Omit<AskedText, "parts">;
  readonly answer: RecordedAnswer;
}

export interface RecordedAnswer {
  readonly status: number;
  /** Name and value, as they came. */
  readonly headers: readonly (readonly [string, string])[];
  /** base64: the answer is no text, and each piece is its bytes so written. */
  readonly written: "text" | "base64";
  readonly pieces: readonly AnswerPiece[];
  readonly end: AnswerEnd;
}

export interface AnswerPiece {
  /** ms since the request was sent. */
  readonly afterMs: number;
  readonly text: string;
}

/** whole: to its last byte. cut: the API broke off. left: the agent went away, so what would have followed is not known. */
export type AnswerEnd = "whole" | "cut" | "left";
