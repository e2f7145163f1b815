import type { EnvironmentSource } from "@claude-orchestrator/engine/ports";

/**
 * What every process gets of our own environment, where it is set; all else must be asked for by name. No credentials, no
 * TERM (nothing we start has a terminal), no NODE_OPTIONS (it can load code into every Node program).
 */
export const baseEnvironmentNames: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "XDG_RUNTIME_DIR",
];

/** Added on Windows, where hardly a program starts without them. Names are compared without regard to case there. */
export const windowsEnvironmentNames: readonly string[] = [
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "USERNAME",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "COMMONPROGRAMFILES",
  "NUMBER_OF_PROCESSORS",
  "PROCESSOR_ARCHITECTURE",
];

/**
 * Names beginning so are in the short list as well: the categories of the locale (LC_ALL, LC_CTYPE …), and the mark of an
 * orchestrator that we ourselves run inside of, so that it still finds what we start.
 */
export const baseEnvironmentPrefixes: readonly string[] = ["LC_", "CLAUDE_ORCHESTRATOR_ATTEMPT_"];

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads `variables` (process.env) at each call; `platform` as Node names it. */
export function createEnvironment(
  variables: Variables,
  platform: NodeJS.Platform = process.platform,
): EnvironmentSource {
  const windows = platform === "win32";
  return {
    base: () => baseOf(variables, windows),
    get: (name) => (windows ? lookUpAnyCase(variables, name) : variables[name]),
    isRoot: process.getuid?.() === 0,
  };
}

function baseOf(variables: Variables, windows: boolean): Readonly<Record<string, string>> {
  const fold = (name: string): string => (windows ? name.toUpperCase() : name);
  const names = windows ? [...baseEnvironmentNames, ...windowsEnvironmentNames] : baseEnvironmentNames;
  const wanted = new Set(names.map(fold));
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    const folded = fold(name);
    if (wanted.has(folded) || baseEnvironmentPrefixes.some((prefix) => folded.startsWith(prefix))) found[name] = value;
  }
  return found;
}

function lookUpAnyCase(variables: Variables, name: string): string | undefined {
  const folded = name.toUpperCase();
  return Object.entries(variables).find(([candidate]) => candidate.toUpperCase() === folded)?.[1];
}
