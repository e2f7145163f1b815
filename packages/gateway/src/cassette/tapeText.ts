import { UserError } from "@claude-orchestrator/domain";
import type { AnswerEnd, AnswerPiece, Interaction, RecordedAnswer } from "./interaction.ts";

/*
 * A tape: the interactions of one instance as text. A line that begins with `@@ ` says what follows; every other line is indented
 * by two spaces, and an empty one is empty. `@@ goes on after N`: its conversation begins as that of interaction N, whole.
 */

/** @param earlier those that stand on the tape already */
export function interactionText(interaction: Interaction, earlier: readonly Interaction[]): string {
  const { number, asked, answer } = interaction;
  const before = longestBeginning(asked.messages, earlier);
  const known = before?.asked.messages.length ?? 0;
  return [
    `@@ request ${number} ${asked.head}`,
    ...indented(asked.fields),
    ...(before === undefined ? [] : [`@@ goes on after ${before.number}`]),
    ...asked.messages.slice(known).flatMap((message) => ["@@ message", ...indented(message)]),
    `@@ answer ${answer.status} ${answer.written}`,
    ...answer.headers.flatMap(([name, value]) => indented(`${name}: ${value}`)),
    ...answer.pieces.flatMap(({ afterMs, text }) => [`@@ after ${afterMs} ms`, ...indented(text)]),
    `@@ end ${answer.end}`,
    "",
  ].join("\n");
}

function longestBeginning(messages: readonly string[], earlier: readonly Interaction[]): Interaction | undefined {
  const fitting = earlier.filter(
    ({ asked }) =>
      asked.messages.length > 0 &&
      asked.messages.length <= messages.length &&
      asked.messages.every((message, at) => message === messages[at]),
  );
  return fitting.reduce<Interaction | undefined>(
    (longest, each) => ((longest?.asked.messages.length ?? 0) < each.asked.messages.length ? each : longest),
    undefined,
  );
}

export function indented(text: string): readonly string[] {
  return text.split("\n").map((line) => (line === "" ? "" : `  ${line}`));
}

/** A line that says what follows, and what follows. */
export interface Section {
  /** Without `@@ `. */
  readonly title: string;
  readonly text: string;
  /** Of the title, from 1. */
  readonly line: number;
}

/** @throws UserError cassette-not-usable @param name of the file, for the message */
export function sectionsOf(text: string, name: string): readonly Section[] {
  const sections: { title: string; lines: string[]; line: number }[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const last = sections.at(-1);
    if (line.startsWith("@@ ")) sections.push({ title: line.slice(3), lines: [], line: at + 1 });
    else if (last === undefined) {
      if (line !== "") throw notUsable(name, at + 1, "it does not begin with a line that begins with `@@ `");
    } else if (line !== "" && !line.startsWith("  ")) {
      throw notUsable(name, at + 1, "a line is neither indented by two spaces nor begins with `@@ `");
    } else last.lines.push(line.slice(2));
  }
  const end = sections.at(-1);
  // The file's own last line break.
  if (end?.lines.at(-1) === "") end.lines.pop();
  return sections.map(({ title, lines, line }) => ({ title, text: lines.join("\n"), line }));
}

/** The interactions of a tape, in their order. @throws UserError cassette-not-usable where it is none, or not all of it is there */
export function readTape(text: string, name: string): readonly Interaction[] {
  const found = new Map<number, Interaction>();
  const sections = sectionsOf(text, name);
  for (let at = 0; at < sections.length;) {
    const end = sections.findIndex(({ title }, index) => index >= at && title.startsWith("end "));
    const own = sections.slice(at, end === -1 ? undefined : end + 1);
    const interaction = interactionOf(own, found, name);
    if (found.has(interaction.number)) throw notUsable(name, own[0]?.line ?? 1, "this request stands there twice");
    found.set(interaction.number, interaction);
    at += own.length;
  }
  return [...found.values()].toSorted((one, other) => one.number - other.number);
}

const headers = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\t\x20-\x7e\x80-\xff]*)$/;

function interactionOf(
  sections: readonly Section[],
  earlier: ReadonlyMap<number, Interaction>,
  name: string,
): Interaction {
  const [first, ...rest] = sections;
  const line = first?.line ?? 1;
  const [, number, head] = /^request (\d{1,9}) ([A-Z]+ \/.*)$/.exec(first?.title ?? "") ?? [];
  if (number === undefined || head === undefined) throw notUsable(name, line, "a request should begin here");
  const answerAt = rest.findIndex(({ title }) => title.startsWith("answer "));
  const answer = rest[answerAt];
  if (answer === undefined) throw notUsable(name, line, `request ${number} has no answer`);
  return {
    number: Number(number),
    asked: { head, fields: first?.text ?? "", messages: messagesOf(rest.slice(0, answerAt), earlier, name) },
    answer: answerOf(answer, rest.slice(answerAt + 1), name),
  };
}

function answerOf(head: Section, rest: readonly Section[], name: string): RecordedAnswer {
  const [, status, written] = /^answer ([2-5]\d\d) (text|base64)$/.exec(head.title) ?? [];
  if (status === undefined) throw notUsable(name, head.line, `\`@@ ${head.title}\` makes no sense here`);
  const [, end] = /^end (whole|cut|left)$/.exec(rest.at(-1)?.title ?? "") ?? [];
  if (end === undefined) throw notUsable(name, head.line, "this answer has no end: the file was cut off");
  return {
    status: Number(status),
    headers: headersOf(head, name),
    written: written === "base64" ? "base64" : "text",
    pieces: rest.slice(0, -1).map((section) => pieceOf(section, name)),
    end: end as AnswerEnd,
  };
}

function messagesOf(
  sections: readonly Section[],
  earlier: ReadonlyMap<number, Interaction>,
  name: string,
): readonly string[] {
  return sections.flatMap(({ title, text, line }, at) => {
    if (title === "message") return [text];
    const [, number] = /^goes on after (\d{1,9})$/.exec(title) ?? [];
    const before = number === undefined || at > 0 ? undefined : earlier.get(Number(number));
    if (before === undefined) throw notUsable(name, line, `\`@@ ${title}\` makes no sense here`);
    return before.asked.messages;
  });
}

function headersOf({ text, line }: Section, name: string): readonly (readonly [string, string])[] {
  if (text === "") return [];
  return text.split("\n").map((each) => {
    const [, header, value] = headers.exec(each) ?? [];
    if (header === undefined || value === undefined) throw notUsable(name, line, "a header of this answer is none");
    return [header, value];
  });
}

function pieceOf({ title, text, line }: Section, name: string): AnswerPiece {
  const [, afterMs] = /^after (\d{1,10}) ms$/.exec(title) ?? [];
  if (afterMs === undefined) throw notUsable(name, line, `\`@@ ${title}\` makes no sense here`);
  return { afterMs: Number(afterMs), text };
}

export function notUsable(name: string, line: number, why: string): UserError {
  return new UserError("cassette-not-usable", `${name} of the cassette cannot be read, at line ${line}: ${why}`, {
    hint: "put the file back as it was recorded, or record the run again",
  });
}
