import { baseEnvironmentNames, baseEnvironmentPrefixes, windowsEnvironmentNames } from "../environment.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a program reads before its first line of ours: the launcher of an executable, the loader, Node, OpenSSL, the folder for temporary files. */
const readAtStart = [
  "CLAUDE_ORCHESTRATOR_CACHE_DIR",
  "TMPDIR",
  "TMP",
  "TEMP",
  "NODE_OPTIONS",
  "NODE_PATH",
  "NODE_DEBUG",
  "NODE_ICU_DATA",
  "NODE_NO_WARNINGS",
  "NODE_COMPILE_CACHE",
  "NODE_USE_SYSTEM_CA",
  "NODE_V8_COVERAGE",
  "UV_THREADPOOL_SIZE",
  "OPENSSL_CONF",
  "OPENSSL_MODULES",
];
const readAtStartPrefixes = ["LD_", "DYLD_"];

/** An environment in two: what a program has from its first moment, and what it can be told once it runs. */
export interface SplitEnvironment {
  readonly atStart: Variables;
  readonly handed: Variables;
}

/**
 * The environment a program is started with can be read in `/proc` as long as it lives, by every process of its user; what it is
 * told later cannot. So it is started with no more than it needs for that, and keys are not among it.
 */
export function splitEnvironment(env: Variables): SplitEnvironment {
  const names = new Set([...baseEnvironmentNames, ...windowsEnvironmentNames, ...readAtStart]);
  const prefixes = [...baseEnvironmentPrefixes, ...readAtStartPrefixes];
  const isForStart = (name: string): boolean =>
    names.has(name) || names.has(name.toUpperCase()) || prefixes.some((prefix) => name.startsWith(prefix));
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  return {
    atStart: Object.fromEntries(entries.filter(([name]) => isForStart(name))),
    handed: Object.fromEntries(entries.filter(([name]) => !isForStart(name))),
  };
}

/**
 * In a program started by `startDetached`: waits for what it was not started with, and adds that to its own environment.
 * False where its starter went away before: it then lacks what it may need.
 */
export async function takeHandedEnvironment(): Promise<boolean> {
  if (process.send === undefined) return true;
  if (!process.connected) return false;
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const lose = (): void => resolve(undefined);
  process.once("message", resolve).once("disconnect", lose);
  const handed = await promise;
  process.off("message", resolve).off("disconnect", lose);
  if (typeof handed !== "object" || handed === null) return false;
  Object.assign(process.env, handed);
  return true;
}
