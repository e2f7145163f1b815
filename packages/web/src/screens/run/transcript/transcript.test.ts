import fc from "fast-check";
import { listTranscripts, readTranscript as recording } from "@claude-orchestrator/testkit";
import type { RecordedAgent } from "@claude-orchestrator/testkit";
import { expect, test } from "vitest";
import { readTranscript } from "./readTranscript.ts";
import type { TranscriptLine } from "./readTranscript.ts";
import { toolObject, toolVerb } from "./toolWords.ts";
import type { Block, Transcript } from "./transcriptBuilder.ts";

const agents: readonly RecordedAgent[] = ["claude", "codex", "gemini", "opencode"];

function linesOf(text: string): readonly TranscriptLine[] {
  return text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
}

const read = (agent: RecordedAgent, name: string): Transcript => readTranscript(linesOf(recording(agent, name)));

/** Blocks as short words: enough to see what was understood. */
const brief = (blocks: readonly Block[]): readonly unknown[] =>
  blocks.map((block) => {
    if (block.kind !== "tool") return `${block.kind}: ${block.text}`;
    const { tool, object, result, isDenied, children } = block;
    const end = isDenied ? "denied" : (result?.text ?? "no result");
    return [`${tool} ${object}`, end, ...brief(children)];
  });

test("calls stand in their turn, each with its own result, also where two ran at once", () => {
  const { turns } = read("claude", "75-two-tools");
  expect(turns.map(({ by, blocks }) => [by, brief(blocks)])).toEqual([
    ["agent", ["text: Two at once.", ["Bash echo one", "one"], ["Bash echo two", "two"]]],
    ["agent", ["text: Both ran."]],
  ]);
  expect(turns[0]?.usage?.input).toBe(1200);
  expect(turns[0]?.model).toBe("claude-opus-5-5");
  expect(turns[0]?.cost).toBeGreaterThan(0);
});

test("what a sub-agent said and did stands beneath the call that asked it", () => {
  const { turns } = read("claude", "c4-subagent-foreground");
  const calls = turns.flatMap(({ blocks }) => blocks).filter((block) => block.kind === "tool");
  expect(brief(calls[0]?.children ?? [])).toEqual(
    expect.arrayContaining(["text: Child working.", ["Bash echo child", "child"]]),
  );
  expect(turns.flatMap(({ blocks }) => brief(blocks))).not.toContain("text: Child working.");
});

test("a call that was refused for want of permission is told", () => {
  const { denied, files } = read("claude", "07-tool-write-default");
  expect(denied.map(({ tool, object }) => [tool, object])).toEqual([["Write", "/workspace/out.txt"]]);
  expect(files.map(({ path, writes }) => [path, writes])).toEqual([["/workspace/out.txt", 1]]);
});

test("thinking is told from what was said", () => {
  const blocks = read("claude", "74-thinking").turns.flatMap((turn) => turn.blocks);
  expect(blocks.map(({ kind }) => kind)).toContain("thinking");
});

test("codex, gemini and opencode are read: their texts and their calls", () => {
  expect(read("codex", "09-two").turns.map(({ blocks }) => brief(blocks))).toEqual([
    [
      "text: Two at once.",
      ["command_execution /bin/bash -lc 'echo one'", "one\n"],
      ["command_execution /bin/bash -lc 'echo two'", "two\n"],
      "text: Both ran.",
    ],
  ]);
  expect(read("codex", "50-patch").files.map(({ path }) => path)).toEqual(["/workspace3/patched.txt"]);
  expect(read("gemini", "06-tool-yolo").turns.map(({ by, blocks }) => [by, brief(blocks)])).toEqual([
    ["person", ["text: hi"]],
    ["agent", ["text: I will run a command.", ["run_shell_command echo hi", "hi"]]],
    ["agent", ["text: The command printed hi."]],
  ]);
  expect(read("opencode", "02-tool").turns.map(({ blocks }) => brief(blocks))).toEqual([
    ["text: I will run a command.", ["bash echo hi", "hi\n"]],
    ["text: The command printed hi."],
  ]);
});

test("of every recording something is told, and hardly a line is not understood", () => {
  for (const agent of agents) {
    for (const name of listTranscripts(agent)) {
      const lines = linesOf(recording(agent, name)).filter(({ text }) => text.trim().startsWith("{"));
      const { unread } = readTranscript(lines);
      expect(unread, `${agent}/${name}`).toBe(0);
    }
  }
});

test("lines that are no events are counted, and hide nothing of the others", () => {
  const { turns, unread } = readTranscript(
    linesOf(`Warning: old\n[1]\n${recording("claude", "01-text")}\n{"type":"new"}`),
  );
  expect(unread).toBe(3);
  expect(turns.length).toBeGreaterThan(0);
});

test("whatever is printed, cut or mixed up, reading it never fails", () => {
  const real = agents.flatMap((agent) => listTranscripts(agent).flatMap((name) => recording(agent, name).split("\n")));
  const keys = ["type", "message", "content", "part", "item", "usage", "timestamp", "id", "parent_tool_use_id"];
  const types = ["assistant", "user", "system", "result", "item.completed", "message", "tool_use", "step_finish"];
  const made = fc
    .tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()))
    .map(([type, rest]) => JSON.stringify({ ...rest, type }));
  const cut = fc
    .tuple(fc.constantFrom(...real), fc.nat({ max: 400 }))
    .map(([line, at]) => line.slice(0, -at || undefined));
  fc.assert(
    fc.property(fc.array(fc.oneof(made, cut, fc.string(), fc.constantFrom(...real)), { maxLength: 30 }), (lines) => {
      const { turns } = readTranscript(lines.map((text, index) => ({ number: index + 1, text })));
      expect(turns.map(({ number }) => number)).toEqual(turns.map((_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
});

test("a call is said as verb and object", () => {
  expect([toolVerb("Bash"), toolVerb("mcp__jira__search")]).toEqual(["ran", "used mcp__jira__search"]);
  expect(toolObject({ description: "list", command: "ls\n  -l" })).toBe("ls -l");
});
