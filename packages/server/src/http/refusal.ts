import type { FileProblem } from "@claude-orchestrator/protocol";

/** Why a request is not answered as it was meant, for the person who made it. Nothing secret is in it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly problems: readonly FileProblem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly hint?: string;
      readonly problems?: readonly FileProblem[];
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function notSignedIn(): Refusal {
  return new Refusal(401, "not-signed-in", "Nobody is signed in", {
    hint: "open a sign-in link (`claude-orchestrator sign-in` prints one), or send an API token",
  });
}
