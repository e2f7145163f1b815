/** Flags of the ancestor that stood without a command; seeing one of them, we know which command was meant. */
const meansRun = new Set(["--config", "--dry-run"]);

/**
 * The command line with a command put in where the ancestor's form had none: `--config FILE` is `run --config FILE`,
 * `--list-commands` is `commands list`, `--inspect-command /x` is `commands inspect /x`. Anything else is left alone.
 */
export function fromOlderForm(argv: readonly string[]): readonly string[] {
  const [first = ""] = argv;
  if (!first.startsWith("--")) return argv;
  const inspect = argv.findIndex((word) => word === "--inspect-command" || word.startsWith("--inspect-command="));
  if (inspect !== -1) return ["commands", "inspect", ...inspected(argv, inspect)];
  if (argv.includes("--list-commands"))
    return ["commands", "list", ...argv.filter((word) => word !== "--list-commands")];
  const isRun = argv.some((word) => meansRun.has(word) || word.startsWith("--config="));
  return isRun ? ["run", ...argv] : argv;
}

function inspected(argv: readonly string[], at: number): readonly string[] {
  const word = argv[at] ?? "";
  const equals = word.indexOf("=");
  return equals === -1
    ? [...argv.slice(at + 1), ...argv.slice(0, at)]
    : [word.slice(equals + 1), ...argv.filter((_each, index) => index !== at)];
}
