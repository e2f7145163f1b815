import { Worker } from "node:worker_threads";
import type { CheckContext } from "@claude-orchestrator/engine/ports";
import type { Finding } from "./checkRunner.ts";

/** Given as text because the program is bundled into one file: there is no second file to start a worker from. */
const workerCode = `
const { parentPort, workerData } = require("node:worker_threads");
try {
  parentPort.postMessage({ matched: new RegExp(workerData.pattern, workerData.flags).test(workerData.subject) });
} catch (error) {
  parentPort.postMessage({ problem: error.message });
}`;

/** However patient the check: a pattern that needs longer than this is one that explodes. */
const longestMs = 10_000;

/**
 * Tries a regular expression on a text. It runs in a thread of its own, which is ended when the time is up: some patterns take
 * years on some texts, and nothing else may wait for them.
 */
export function matchPattern(
  pattern: { readonly pattern: string; readonly flags: string },
  subject: string,
  context: Pick<CheckContext, "timeoutMs" | "cancelled">,
): Promise<Finding> {
  return new Promise((resolve) => {
    const worker = new Worker(workerCode, {
      eval: true,
      env: {},
      execArgv: [],
      workerData: { pattern: pattern.pattern, flags: pattern.flags, subject },
    });
    const answer = (finding: Finding): void => {
      clearTimeout(timer);
      resolve(finding);
      void worker.terminate();
    };
    const allowedMs = Math.min(context.timeoutMs, longestMs);
    const timer = setTimeout(
      () => answer({ ok: false, detail: `the pattern was given up after ${allowedMs / 1000} s: it takes too long` }),
      allowedMs,
    );
    const cancel = (): void => answer({ ok: false, detail: "given up because the run is being stopped" });
    context.cancelled.then(cancel, cancel);
    worker.once("message", (message: { readonly matched?: boolean; readonly problem?: string }) => {
      if (message.problem !== undefined)
        answer({ ok: false, detail: `the pattern cannot be read: ${message.problem}` });
      else answer(message.matched === true ? { ok: true, detail: "it matches" } : { ok: false, detail: "no match" });
    });
    worker.once("error", (error) => answer({ ok: false, detail: `the pattern could not be tried: ${error.message}` }));
  });
}
