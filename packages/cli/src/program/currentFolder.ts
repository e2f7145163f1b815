/** Windows and Node's search for programs go by this variable of the process that starts them. */
const ruleName = "NoDefaultCurrentDirectoryInExePath";

/**
 * From now on a program that is asked for by its name alone (`git`) is not looked for in the folder it shall run in, as Windows
 * does before it looks on PATH: that folder is a workspace, which could bring a program under that name. Says nothing to agents.
 */
export function neverFromCurrentFolder(
  variables: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform === "win32") variables[ruleName] ??= "1";
}
