/** What an installer is told by the release it belongs to. */
export interface InstallerParts {
  readonly version: string;
  /** With `{version}` in it where the version stands; empty where nobody knows. */
  readonly address: string;
  /** Public keys of minisign. */
  readonly keys: readonly string[];
}

/** Fills a script's places. @throws Error where something would not stay between its quotes */
export function installerText(template: string, { version, address, keys }: InstallerParts): string {
  const values: Readonly<Record<string, string>> = { VERSION: version, BASE_URL: address, KEYS: keys.join("\n") };
  const unsafe = Object.values(values).find((value) => /['"`$\\]/.test(value));
  if (unsafe !== undefined) throw new Error(`\`${unsafe}\` cannot stand in a script`);
  return template.replaceAll(/@(VERSION|BASE_URL|KEYS)@/g, (_, name: string) => values[name] ?? "");
}
