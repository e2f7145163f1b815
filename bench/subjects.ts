import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Subject } from "./sample.ts";
import type { Tools } from "./tools.ts";

/** What every instance of a part prints. */
export interface Load {
  readonly instances: number;
  readonly events: number;
  readonly bytes: number;
  /** Bytes of one more event, as a single line; 0 for none. */
  readonly line: number;
  /** Milliseconds before each event; absent: none. */
  readonly delay?: number;
}

/** For the built program: no PID namespaces, as where bubblewrap is not installed. */
export const sweepOnly = { CLAUDE_ORCHESTRATOR_CONTAINMENT: "sweep" };

/** Makes the programs that are compared, each with an environment made from nothing. */
export class Bench {
  readonly tools: Tools;
  readonly #scratch: string;
  readonly #program: string;
  #folders = 0;

  constructor(tools: Tools, scratch: string, program: string) {
    this.tools = tools;
    this.#scratch = scratch;
    this.#program = program;
  }

  /** Whether the built program is there to be measured. */
  hasProgram(): boolean {
    return existsSync(this.#program);
  }

  bareNode(): Subject {
    return this.#subject("node -e 0", [process.execPath, "-e", "0"], this.#scratch);
  }

  minimalReader(load: Load): Subject {
    const reader = path.join(import.meta.dirname, "minimalReader.mjs");
    const argv = [process.execPath, reader, String(load.instances), this.tools.agent, "-p", words(load)];
    return this.#subject("minimal Node reader", argv, this.#scratch);
  }

  xargs(load: Load): Subject {
    const script = 'seq "$1" | xargs -P "$1" -I{} "$2" -p "$3" > /dev/null';
    const argv = ["sh", "-c", script, "sh", String(load.instances), this.tools.agent, words(load)];
    return this.#subject("xargs -P", argv, this.#scratch);
  }

  /** The built program with these words, in a fresh workspace that holds `fleet.json`, the load as a file of instances. */
  orchestrator(command: "--version" | "plan" | "run", load: Load, env: Readonly<Record<string, string>> = {}): Subject {
    this.#folders += 1;
    const workspace = path.join(this.#scratch, `workspace ${this.#folders}`);
    mkdirSync(workspace, { recursive: true });
    writeFileSync(path.join(workspace, "fleet.json"), JSON.stringify(fleet(load)));
    const rest = { "--version": [], plan: ["fleet.json"], run: ["fleet.json", "--quiet"] }[command];
    const argv = [process.execPath, this.#program, command, ...rest];
    const subject = this.#subject(`claude-orchestrator ${command}`, argv, workspace);
    return { ...subject, env: { ...subject.env, ...env } };
  }

  #subject(name: string, argv: readonly string[], cwd: string): Subject {
    const folders = [
      path.dirname(this.tools.agent),
      path.dirname(process.execPath),
      "/usr/local/bin",
      "/usr/bin",
      "/bin",
    ];
    const env = { PATH: folders.join(path.delimiter), HOME: this.#scratch, ANTHROPIC_API_KEY: "sk-ant-dummy" };
    return { name, argv, cwd, env };
  }
}

/** The words the fake agent understands (bench/fakeAgent.c). */
function words(load: Load): string {
  return `fake events=${load.events} bytes=${load.bytes} line=${load.line} delay=${load.delay ?? 0}`;
}

function fleet(load: Load): object {
  const names = Array.from({ length: load.instances }, (_, index) => `agent-${index + 1}`);
  return {
    name: "benchmark",
    concurrency: load.instances,
    startup_delay: 0,
    instances: names.map((name) => ({ name, agent: "claude", prompt: words(load) })),
  };
}
