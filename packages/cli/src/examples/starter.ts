import type { Example } from "./example.ts";

/** What `init` writes: small enough to read, with the fields most files need. */
export const starter: Example = {
  name: "starter",
  summary: "A first file: two reviewers at once, then a summary of what they found",
  text: `# What each agent does, in what order, within which limits.
# Run it:    claude-orchestrator run orchestrator.yaml
# Look only: claude-orchestrator plan orchestrator.yaml
# Editors complete this file with the schema: claude-orchestrator schema > orchestrator.schema.json
# yaml-language-server: $schema=./orchestrator.schema.json

name: first-run

# What the whole run may spend. At the limit what runs is stopped and the rest is refused.
budget:
  cost_usd: 2.00
  # tokens: 500000
  # on_exceed: block      # warn, block or pause

# Every instance has these unless it says otherwise.
defaults:
  agent: claude           # claude, codex, gemini, opencode or command
  timeout: 15m
  # model: sonnet
  # permission_mode: acceptEdits    # without it, nothing that needs a question is allowed
  retry: 2                # attempts in all; only for what may pass by itself

instances:
  - name: correctness
    prompt: |
      Read the source of this project and name the three most likely bugs.
      For each give the file, the line and a failing input.

  - name: security
    prompt: |
      Read the source of this project and name the three most serious security problems.
      For each give the file, the line and how it would be used.

  # Starts when both have succeeded, with their answers in its prompt.
  - name: summary
    needs: [correctness, security]
    prompt: |
      Two reviewers looked at this project. Order their findings by risk and drop duplicates.

      Correctness:
      \${{ needs.correctness.result }}

      Security:
      \${{ needs.security.result }}
`,
};
