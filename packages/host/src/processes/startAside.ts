import { spawn } from "node:child_process";

/**
 * Starts a program that nobody waits for: in a session of its own, without input or output. Whether it starts is not told: only what
 * may as well not happen is started so.
 */
export function startAside(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  const [program = "", ...words] = argv;
  const child = spawn(program, words, { env: { ...env }, detached: true, windowsHide: true, stdio: "ignore" });
  child.once("error", () => undefined);
  child.unref();
}
