import { spawnSync } from "node:child_process";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Of the environment of a release, all that a tool gets: no key of another is in it. */
const passedOn = ["PATH", "HOME", "TMPDIR", "LANG", "SystemRoot", "HTTPS_PROXY", "https_proxy"];

/**
 * Runs a tool that signs. It is asked nothing: where it would ask for a password, it fails.
 *
 * @throws Error with what it said, where it fails
 */
export function signingTool([command = "", ...words]: readonly string[], { env }: { readonly env: Environment }): void {
  const own = Object.fromEntries(passedOn.map((name) => [name, env[name]]).filter(([, value]) => value !== undefined));
  const { error, status, signal, stdout, stderr } = spawnSync(command, words, {
    env: own,
    input: "",
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status ?? signal}:\n${stderr}${stdout}`);
}

export function hasTool(command: string, env: Environment): boolean {
  return spawnSync(command, ["--version"], { env: { PATH: env["PATH"] }, input: "" }).error === undefined;
}
