import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, statSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { OutputSink, ProcessSpec } from "@claude-orchestrator/engine/ports";
import type { Containment } from "./containment.ts";
import { openOutputTail, type OutputTail } from "./outputTail.ts";
import type { PidNamespace } from "./pidNamespace.ts";
import { makeConfigDirectory } from "./makeConfigDirectory.ts";
import { makePrivateDirectory } from "./privateDirectory.ts";
import { createSinkReader } from "./sinkReader.ts";
import { isFolderTooLong, spawnEnvironment, spawnWords } from "./spawnWords.ts";
import { whyNotExecutable } from "./whyNotExecutable.ts";

/** A process on its way: `child.pid` is undefined where it could not be started, and its `error` event will say why. */
export interface Launched {
  readonly child: ChildProcess;
  readonly stdout: OutputTail;
  readonly stderr: OutputTail;
  /** Where it runs in one: then `child` is the one that waits for it. */
  readonly namespace: PidNamespace | undefined;
}

/**
 * Makes the private directory, opens the spool files and spawns, without a shell, in a session of its own. Standard input is
 * a file like the others (nameless by then), so there is no pipe that could break or fill up. It gets a namespace of its own
 * where the machine makes them.
 *
 * @throws the error of the system, with its `code`; nothing is left open then
 */
export function launch(spec: ProcessSpec, sink: OutputSink, containment: Containment): Launched {
  const [program, ...args] = spec.argv;
  if (program === undefined || program === "") throw coded("EINVAL", "no program to run");
  if (!isFolder(spec.cwd)) throw coded("CWD_MISSING", `no such folder: ${spec.cwd}`);
  if (isFolderTooLong(spec.cwd)) throw coded("CWD_TOO_LONG", `longer than Windows takes: ${spec.cwd}`);
  inRunFolder(() => makePrivateDirectory(spec.privateDirectory, spec.files));
  if (spec.configDirectory !== undefined) makeConfigDirectory(spec.configDirectory);

  const opened: (() => void)[] = [];
  try {
    const stdout = openTail(spec, sink, "stdout");
    opened.push(stdout.close);
    const stderr = openTail(spec, sink, "stderr");
    opened.push(stderr.close);
    const namespace = openNamespace(spec, sink, containment);
    if (namespace !== undefined) opened.push(namespace.endNow);
    const child = spawnIn(namespace, spec, [program, ...args], { stdout, stderr });
    return { child, stdout, stderr, namespace };
  } catch (error) {
    for (const close of opened) close();
    throw error;
  }
}

function spawnIn(
  namespace: PidNamespace | undefined,
  spec: ProcessSpec,
  words: readonly [string, ...string[]],
  { stdout, stderr }: Pick<Launched, "stdout" | "stderr">,
): ChildProcess {
  const stdin = spec.stdin === undefined ? undefined : openInput(join(spec.privateDirectory, "stdin"), spec.stdin);
  try {
    const [program = words[0], ...rest] = [...(namespace?.enter(spec.cwd) ?? []), ...words];
    const { args, ...verbatim } = spawnWords([program, ...rest]);
    return spawn(program, args, {
      ...verbatim,
      cwd: spec.cwd,
      env: environmentOf(spec),
      stdio: [stdin ?? "ignore", stdout.fd, stderr.fd],
      detached: true,
      windowsHide: true,
    });
  } finally {
    if (stdin !== undefined) closeSync(stdin);
  }
}

function openNamespace(spec: ProcessSpec, sink: OutputSink, containment: Containment): PidNamespace | undefined {
  const namespace = containment.open(spec.privateDirectory);
  if (namespace === undefined) return undefined;
  if ("problem" in namespace) {
    sink.stderrLine(
      `claude-orchestrator: this attempt runs without a PID namespace of its own: ${namespace.problem}`,
      0,
    );
    return undefined;
  }
  const [program = ""] = spec.argv;
  const code = whyNotExecutable(program, spec.cwd, spec.env["PATH"]);
  if (code === undefined) return namespace;
  namespace.endNow();
  throw coded(code, `${program} cannot be started`);
}

function openTail(spec: ProcessSpec, sink: OutputSink, stream: "stdout" | "stderr"): OutputTail {
  return inRunFolder(() => openOutputTail(spec.spool[stream], spec.maxLineBytes, createSinkReader(sink, stream)));
}

const refusals: readonly unknown[] = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EEXIST", "ELOOP"];

/** A folder of ours that cannot be written must not look as if the program could not be started: the codes are the same. */
function inRunFolder<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && refusals.includes(error.code))) throw error;
    throw coded("RUN_FOLDER", error.message);
  }
}

/** Writes by position, so that whoever inherits the descriptor reads from the beginning. */
function openInput(path: string, text: string): number {
  const fd = openSync(path, "wx+", 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, at);
    if (process.platform !== "win32") unlinkSync(path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function environmentOf(spec: ProcessSpec): Record<string, string> {
  const temporary = join(spec.privateDirectory, "tmp");
  const forWindows = process.platform === "win32" ? { TEMP: temporary, TMP: temporary } : {};
  return spawnEnvironment({ ...spec.env, [spec.marker.name]: spec.marker.value, TMPDIR: temporary, ...forWindows });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
