import type { Example } from "./example.ts";

export const codeReview: Example = {
  name: "code-review",
  summary: "Review the changes of a branch from several angles, then one verdict with a fixed shape",
  text: `# In a pull request: claude-orchestrator run code-review.yaml --markdown review.md
name: code-review
variables:
  base: origin/main
budget:
  cost_usd: 4.00
defaults:
  permission_mode: plan
  allowed_tools: [Read, Grep, Glob, "Bash(git diff:*)", "Bash(git log:*)"]
  timeout: 15m
  retry: { attempts: 3, on: [rate_limit, overload, connection] }
instances:
  - name: review
    matrix:
      angle: [correctness, tests, readability, performance]
    prompt: |
      Review the changes "git diff \${{ variables.base }}...HEAD" for \${{ matrix.angle }} only.
      Name file and line for each finding. Say so plainly where there is nothing to find.
  - name: verdict
    needs: [review]
    prompt: |
      Four reviewers looked at this branch:
      \${{ needs.review.result }}
      Drop duplicates, drop matters of taste, and decide.
    json_schema:
      type: object
      required: [decision, findings]
      properties:
        decision: { enum: [approve, request_changes] }
        findings:
          type: array
          items:
            type: object
            required: [file, line, severity, text]
            properties:
              file: { type: string }
              line: { type: integer }
              severity: { enum: [blocker, major, minor] }
              text: { type: string }
`,
};

export const securityReview: Example = {
  name: "security-review",
  summary: "Search one class of weakness per agent, then try to refute each finding",
  text: `# Finders look for one thing each; a sceptic then tries to refute them, so that what is left is worth reading.
name: security-review
concurrency: 4
budget:
  tokens: 3000000
  cost_usd: 10.00
defaults:
  permission_mode: plan
  allowed_tools: [Read, Grep, Glob]
  timeout: 30m
instances:
  - name: find
    matrix:
      class:
        - injection (SQL, shell, templates, paths)
        - authentication and sessions
        - authorisation and tenant isolation
        - secrets in code, logs and errors
        - unsafe deserialisation and file handling
    prompt: |
      Search this repository for one class of weakness: \${{ matrix.class }}.
      For each give file, line, how it is reached from outside, and a proof of concept in words.
  - name: refute
    needs: [find]
    prompt: |
      Try to refute each of these findings by reading the code again. Keep only what survives, most serious first.
      \${{ needs.find.result }}
`,
};
