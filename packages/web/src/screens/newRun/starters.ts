/** A file to begin with. */
export interface Starter {
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

/** Each runs as it stands: the first without any agent, the others ask one. */
export const starters: readonly Starter[] = [
  {
    name: "Commands only",
    about: "Four commands in order, with no agent and no cost",
    text: `name: first run

instances:
  - name: build
    run: [sh, -c, "echo building; sleep 1"]

  - name: test
    needs: build
    run: [sh, -c, "echo testing; sleep 1"]

  - name: lint
    needs: build
    run: [sh, -c, "echo linting; sleep 1"]

  - name: report
    needs: [test, lint]
    run: [sh, -c, "echo all good"]
`,
  },
  {
    name: "Two reviewers and a summary",
    about: "Two agents read the project at once, a third puts their findings in order",
    text: `name: review

# What the whole run may spend. At the limit what runs is stopped and the rest is refused.
budget:
  cost_usd: 2.00

defaults:
  agent: claude
  timeout: 15m

instances:
  - name: correctness
    prompt: |
      Read the source of this project and name the three most likely bugs.
      For each give the file, the line and a failing input.

  - name: security
    prompt: |
      Read the source of this project and name the three most serious security problems.

  # Starts when both have succeeded, with their answers in its prompt.
  - name: summary
    needs: [correctness, security]
    prompt: |
      Order these findings by risk and drop duplicates.

      \${{ needs.correctness.result }}

      \${{ needs.security.result }}
`,
  },
  {
    name: "A change, proved by tests",
    about: "An agent works in a worktree of its own; it has succeeded only when the tests pass",
    text: `name: fix

budget:
  cost_usd: 3.00

instances:
  - name: fix
    agent: claude
    permission_mode: acceptEdits
    isolation: worktree
    timeout: 20m
    prompt: Find the failing test and fix what it finds
    success_when:
      - command: [npm, test]
`,
  },
];
