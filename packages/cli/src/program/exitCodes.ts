/** What the program's exit code means, in the help and in the docs. */
export const exitCodes: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: 0, meaning: "done; of a run: every instance succeeded" },
  { code: 1, meaning: "an instance did not succeed; `verify`, `doctor`: something is not right" },
  { code: 2, meaning: "your mistake (a wrong flag, a file with problems): nothing was started" },
  { code: 3, meaning: "a budget stopped the run" },
  { code: 69, meaning: "the server cannot listen there now: another program does" },
  { code: 70, meaning: "our bug" },
  { code: 78, meaning: "the server may not listen there: it is set up wrongly" },
  { code: 130, meaning: "interrupted (Ctrl-C)" },
  { code: 143, meaning: "ended by SIGTERM or SIGHUP" },
];

export const exitCodeHelp = `Exit codes:\n${exitCodes.map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;
