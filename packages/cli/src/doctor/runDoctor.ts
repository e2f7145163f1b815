import { statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { createEnvironment, createProcessHost, doctorFacts, readVersion, signInState } from "@claude-orchestrator/host";
import { readPairs } from "../commands/output.ts";
import type { Io } from "../io/channel.ts";
import { policyFinding } from "../policy/policyFinding.ts";
import { containmentWish } from "../run/containment.ts";
import { checkAgentPaths, findAgents } from "../run/programs.ts";
import { newRunsFolder } from "../run/runsFolder.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import type { Glyphs } from "../views/text/glyphs.ts";
import { line, span, wrapText } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { counted } from "../views/words.ts";
import { checkup, preventsRunning } from "./checkup.ts";
import type { Finding } from "./checkup.ts";
import { agentJson } from "./listAgents.ts";
import type { AgentFlags } from "./listAgents.ts";

/** `doctor`: 0 where runs can work, 1 where something prevents it. */
export async function runDoctor(
  flags: AgentFlags & { readonly "runs-dir": string | undefined },
  io: Io,
): Promise<number> {
  const environment = createEnvironment(io.env);
  const paths = checkAgentPaths(readPairs("agent-path", flags["agent-path"]));
  const [found, git] = await Promise.all([
    findAgents(
      agents.map(({ name }) => name),
      { environment, paths },
    ),
    gitVersion(environment.get("PATH")),
  ]);
  const machine = doctorFacts(environment, newRunsFolder(io, flags["runs-dir"]));
  const signIns = found.map((agent) => {
    const { program } = agent.adapter;
    return { agent, signIn: program === undefined ? undefined : signInState(program.signIn, environment) };
  });
  const host = createProcessHost({ containment: containmentWish(io.env) });
  const containment = host.containment();
  // Nothing runs; what was prepared for attempts to come ends.
  host.killEverythingNow();
  const findings = [...checkup({ machine, containment, agents: signIns, git }), await policyFinding()];
  const code = preventsRunning(findings) ? 1 : 0;
  if (flags.json) io.out.json({ ok: code === 0, findings, agents: found.map(agentJson), machine });
  else printFindings(findings, io, glyphsFor(io.env));
  return code;
}

function printFindings(findings: readonly Finding[], io: Io, glyphs: Glyphs): void {
  const width = Math.max(...findings.map(({ what }) => what.length));
  io.out.lines(findings.flatMap((finding) => findingLines(finding, { width, columns: io.out.columns, glyphs })));
  const open = findings.filter(({ fix }) => fix !== undefined).length;
  const verdict = preventsRunning(findings) ? "Something keeps runs from working" : "Runs can work";
  io.out.lines([
    line(""),
    line(
      open === 0 ? verdict : `${verdict}; ${counted(open, "thing")} to look at`,
      preventsRunning(findings) ? "bad" : "good",
    ),
  ]);
}

const words = { good: "ok", warn: "note", bad: "problem" } as const;

function findingLines(
  { state, what, detail, fix }: Finding,
  { width, columns, glyphs }: { readonly width: number; readonly columns: number; readonly glyphs: Glyphs },
): readonly Line[] {
  const glyph = { good: glyphs.good, warn: glyphs.notice, bad: glyphs.bad }[state];
  const indent = " ".repeat(width + 13);
  const [first = "", ...rest] = wrapText(detail, columns - indent.length);
  return [
    [span(`${glyph} ${words[state].padEnd(8)} `, state), span(what.padEnd(width + 2), "strong"), span(first)],
    ...rest.map((each) => line(`${indent}${each}`)),
    ...(fix === undefined ? [] : wrapText(fix, columns - indent.length - 5)).map((each, at) =>
      line(`${indent}${at === 0 ? "fix: " : "     "}${each}`, "accent"),
    ),
  ];
}

async function gitVersion(path: string | undefined): Promise<string | undefined> {
  const folders = (path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const names = process.platform === "win32" ? ["git.exe"] : ["git"];
  const git = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => isFile(file));
  if (git === undefined) return undefined;
  const parseVersion = (output: string): string | undefined => /git version (\S+)/.exec(output)?.[1];
  const { version } = await readVersion({ versionArgs: ["--version"], parseVersion }, [git], path);
  return version === undefined ? git : `${version} at ${git}`;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Not there, or in a folder of PATH that is not ours to look into.
    return false;
  }
}
