/** The words that run a script by the machine's own shell: a script of the person's file is meant for one. */
export function shellWords(script: string): readonly string[] {
  return process.platform === "win32" ? ["cmd.exe", "/d", "/s", "/c", script] : ["/bin/sh", "-c", script];
}
