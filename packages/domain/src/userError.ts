/** The closed list of things a person can put right. Printed with `--json` errors, so a script can tell them apart. */
export type UserErrorCode =
  | "usage"
  | "file-not-readable"
  | "config-invalid"
  | "agent-not-installed"
  | "agent-refused"
  | "run-not-found"
  | "instance-not-found"
  | "workspace-not-usable"
  | "start-at-invalid"
  | "command-not-found"
  | "log-not-usable"
  /** Another supervisor has the run, or none has and one is needed; the sentence says which. */
  | "run-busy"
  | "run-not-running"
  /** The file is no longer what it was when the run began. */
  | "plan-changed"
  | "schedule-not-found"
  | "schedule-invalid"
  /** The key or the address the gateway needs is not to be had; never says what was found there. */
  | "gateway-key"
  | "gateway-upstream"
  /** A collector's address, its headers or the port of metrics; never says what headers hold. */
  | "telemetry-not-usable"
  /** A recording of model traffic that is not there, or is not what was recorded. */
  | "cassette-not-usable"
  /** Of `--server`: it cannot be asked, or says no. */
  | "server-unreachable"
  | "server-refused"
  /** What an administrator has locked on this machine. */
  | "refused-by-policy"
  /** The file of those locks cannot be trusted or understood, so nothing is done. */
  | "policy-not-usable"
  | "example-not-found"
  /** An update that is not believed, cannot be read or cannot be put in place: what is installed stays. */
  | "update-refused";

/** Something the person at the keyboard can fix. Shown without a stack; exit code 2. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: UserErrorCode;
  /** What to do next, one sentence. */
  readonly hint: string | undefined;

  constructor(
    code: UserErrorCode,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

export function agentNotInstalled(
  agent: string,
  binary: string,
  searched: readonly string[],
  install: string,
): UserError {
  return new UserError("agent-not-installed", `No \`${binary}\` program was found for agent \`${agent}\``, {
    hint: `install it with \`${install}\`, or name its path with \`--agent-path ${agent}=/path/to/${binary}\` (looked in ${searched.join(", ")})`,
  });
}
