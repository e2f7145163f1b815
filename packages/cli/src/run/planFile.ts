import { open } from "node:fs/promises";
import { decodeConfig, formatProblems, largestConfigBytes, loadPlan, tooLarge } from "@claude-orchestrator/config/file";
import type { LoadOptions } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import { counted } from "../views/words.ts";
import type { Target } from "./target.ts";

/**
 * The plan a file asks for. Reads no more than a configuration may hold, whatever the file is.
 *
 * @throws UserError file-not-readable; config-invalid with everything that is wrong at once
 */
export async function readPlanFile(
  { path, shown }: Extract<Target, { kind: "file" }>,
  options: Omit<LoadOptions, "fileName">,
): Promise<Plan> {
  const decoded = await readConfig(path, shown);
  if ("message" in decoded) {
    throw new UserError(
      "config-invalid",
      `${shown}:${decoded.line}:${decoded.column}: ${decoded.message}`,
      decoded.hint === undefined ? {} : { hint: decoded.hint },
    );
  }
  const loaded = loadPlan(decoded.text, { ...options, fileName: shown });
  if ("plan" in loaded) return loaded.plan;
  throw new UserError(
    "config-invalid",
    `${shown} has ${counted(loaded.problems.length, "problem")}, so nothing was started\n\n${formatProblems(loaded.problems)}`,
  );
}

/** Its text, or what is wrong with its bytes. @throws UserError file-not-readable */
export async function readConfig(path: string, shown: string): Promise<ReturnType<typeof decodeConfig>> {
  try {
    // Closed by hand: where Yarn stands between a program and its files, they cannot be disposed of.
    const file = await open(path);
    try {
      const { size } = await file.stat();
      return size > largestConfigBytes ? tooLarge(size) : decodeConfig(await readBytes(file));
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("file-not-readable", `${shown} cannot be read: ${why}`, { cause: error });
  }
}

/** To the end, or to the first byte too many: a pipe does not tell its size. */
async function readBytes(file: Awaited<ReturnType<typeof open>>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let total = 0; total <= largestConfigBytes;) {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.allocUnsafe(64 * 1024) });
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
}
