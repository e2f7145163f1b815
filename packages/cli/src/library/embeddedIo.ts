import { resolve } from "node:path";
import { capturedIo } from "../io/capturedIo.ts";
import type { CapturedIo } from "../io/capturedIo.ts";
import type { PlanOptions } from "./contract.ts";

/** For a command another program asks for inside its own process: nothing of it is printed there. */
export function embeddedIo(
  { cwd = ".", env = process.env }: Pick<PlanOptions, "cwd" | "env">,
  program: readonly string[] = [],
): CapturedIo {
  return { ...capturedIo({ cwd: resolve(cwd), env }), embedded: { program } };
}
