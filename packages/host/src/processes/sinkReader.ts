import type { OutputSink } from "@claude-orchestrator/engine/ports";
import type { TailReader } from "./outputTail.ts";

const cutNotice =
  "claude-orchestrator: the program cut its own output file (a shell's `> /dev/stdout` or `> /dev/stderr` does; `>&2` does " +
  "not): something it wrote may be lost";

/** Hands the lines of one stream to `sink`, and says once, on standard error, where the file was cut. */
export function createSinkReader(sink: OutputSink, stream: "stdout" | "stderr"): TailReader {
  let told = false;
  return {
    line: (text, dropped) => (stream === "stdout" ? sink.stdoutLine(text, dropped) : sink.stderrLine(text, dropped)),
    truncated: () => {
      if (!told) sink.stderrLine(cutNotice, 0);
      told = true;
    },
  };
}
