#!/usr/bin/env node
/**
 * A scripted stand-in for an agent's program, speaking Claude Code's stream-json. Runs by its path; takes any arguments.
 * Its script comes from FAKE_AGENT_SCRIPT or from the prompt (see script.ts); without one it answers with a fixed text.
 * It imports nothing but Node, so that it starts as fast as Node does.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import type { FakeScript, FakeStep, ForkKind, OutputName, StartFacts } from "./script.ts";

const argv = process.argv.slice(2);
let stdinText: string | undefined;

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) {
  process.stdout.write(`${process.env["FAKE_AGENT_VERSION"] ?? "2.1.330 (Claude Code)"}\n`);
} else {
  await play(findScript());
}

async function play(steps: FakeScript): Promise<void> {
  for (const step of steps) await take(step);
}

async function take(step: FakeStep): Promise<void> {
  switch (step.do) {
    case "emit":
      return write(`${JSON.stringify(step.line)}\n`, "stdout");
    case "print":
      return write(step.text, step.to);
    case "bytes":
      return write(Buffer.from(step.base64, "base64"), step.to);
    case "fill":
      return fill(step.count, step.character ?? "x", step.to);
    case "repeat":
      return repeat(step.times, step.steps);
    case "wait-for-file":
      return waitForFile(step.path);
    case "touch":
      return writeFileSync(step.path, step.text ?? "");
    case "append":
      return appendFileSync(step.path, `${step.text}\n`);
    case "report":
      return writeFileSync(step.path, JSON.stringify(startFacts()));
    case "obey":
      return obey(step.socket, step.name);
    case "on-signal":
      process.on(step.signal, () => void play(step.steps));
      return;
    case "once":
      return once(step);
    default:
      return takeLast(step);
  }
}

/** The steps that end the process, or leave something behind. */
async function takeLast(step: FakeStep & { do: "fork" | "signal" | "hang" | "exit" }): Promise<void> {
  switch (step.do) {
    case "fork":
      return fork(step.how, step.pidFile);
    case "signal":
      process.kill(process.pid, step.signal);
      // A signal that is handled, or ignored, ends nothing: the script goes on.
      return new Promise((resolve) => setImmediate(resolve));
    case "hang":
      return hang();
    case "exit":
      return process.exit(step.code);
  }
}

/** Settles when the bytes are with the system, so that what was written before an exit is not lost. */
function write(data: string | Uint8Array, to: OutputName = "stdout"): Promise<void> {
  return new Promise((resolve, reject) => {
    process[to].write(data, (error) => (error ? reject(error) : resolve()));
  });
}

async function fill(count: number, character: string, to: OutputName = "stdout"): Promise<void> {
  const chunk = character.repeat(Math.min(count, 1 << 20));
  let left = count;
  while (left > 0) {
    await write(left >= chunk.length ? chunk : chunk.slice(0, left), to);
    left -= chunk.length;
  }
}

async function repeat(times: number, steps: FakeScript): Promise<void> {
  const text = JSON.stringify(steps);
  for (let n = 0; n < times; n += 1) {
    await play(JSON.parse(text.replaceAll("{{n}}", String(n))) as FakeScript);
  }
}

async function waitForFile(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
}

function hang(): Promise<never> {
  return new Promise(() => {
    setInterval(() => {}, 1 << 30);
  });
}

async function once(step: FakeStep & { do: "once" }): Promise<void> {
  if (existsSync(step.path)) return play(step.then);
  writeFileSync(step.path, "");
  return play(step.first);
}

/** One JSON step a line; each is answered by `{"done":true}` when taken. The end of the connection is the end of the script. */
async function obey(socket: string, name: string): Promise<void> {
  const connection = createConnection(socket);
  connection.write(`${JSON.stringify({ name, ...startFacts() })}\n`);
  for await (const line of createInterface({ input: connection })) {
    await take(JSON.parse(line) as FakeStep);
    connection.write('{"done":true}\n');
  }
}

/** Its own program waits until killed; a file says that it is there. */
async function fork(how: ForkKind, pidFile: string): Promise<void> {
  const stay = `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1 << 30);`;
  const keep = how === "holding" ? "inherit" : "ignore";
  const program =
    how === "orphan"
      ? `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(stay)}], { detached: true, stdio: "ignore" }).unref();`
      : stay;
  const child = spawn(process.execPath, ["-e", program], {
    detached: how !== "child",
    stdio: ["ignore", keep, keep],
  });
  child.unref();
  await waitForText(pidFile);
}

/** A file is there before its text is. */
async function waitForText(path: string): Promise<void> {
  do await waitForFile(path);
  while (readFileSync(path, "utf8") === "");
}

function findScript(): FakeScript {
  const marker = "FAKE-AGENT ";
  const fromEnvironment = process.env["FAKE_AGENT_SCRIPT"];
  if (fromEnvironment !== undefined) return parseScript(fromEnvironment);
  const prompt = argv.find((word) => word.includes(marker)) ?? (hasPrompt() ? "" : readStdin());
  const at = prompt.indexOf(marker);
  return at === -1 ? answer("Hello from the fake agent.") : parseScript(prompt.slice(at + marker.length));
}

/** A word that is neither a flag nor a flag's value cannot be told from one; with `-p TEXT` or `--print TEXT` it can. */
function hasPrompt(): boolean {
  const at = argv.findIndex((word) => word === "-p" || word === "--print");
  const next = argv[at + 1];
  return at !== -1 && next !== undefined && !next.startsWith("-");
}

function parseScript(text: string): FakeScript {
  const json = text.startsWith("@") ? readFileSync(text.slice(1).trim(), "utf8") : text;
  return JSON.parse(json) as FakeScript;
}

function answer(text: string): FakeScript {
  const session_id = "00000000-0000-4000-8000-000000000001";
  const usage = { input_tokens: 1200, output_tokens: 42, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const model = "claude-haiku-5-5";
  const content = [{ type: "text", text }];
  const message = { id: "msg_fake_1", type: "message", role: "assistant", model, content, usage };
  const last = { subtype: "success", is_error: false, result: text, num_turns: 1, total_cost_usd: 0.001, usage };
  return [
    { do: "emit", line: { type: "system", subtype: "init", session_id, model, claude_code_version: "2.1.330" } },
    { do: "emit", line: { type: "assistant", message, parent_tool_use_id: null, session_id } },
    { do: "emit", line: { type: "result", session_id, ...last } },
  ];
}

function startFacts(): StartFacts {
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ""]));
  return { argv, env, cwd: process.cwd(), stdin: readStdin(), pid: process.pid };
}

/** All of standard input; "" where it is a terminal or closed. */
function readStdin(): string {
  if (process.stdin.isTTY) return "";
  try {
    stdinText ??= readFileSync(0, "utf8");
  } catch {
    stdinText ??= "";
  }
  return stdinText;
}
