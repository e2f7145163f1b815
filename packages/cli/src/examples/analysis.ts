import type { Example } from "./example.ts";

export const dataAnalysis: Example = {
  name: "data-analysis",
  summary: "Profile, question and report on a data file, each step fed by the one before",
  text: `# Three steps over one data file; the numbers are handed on as JSON, not as prose.
name: data-analysis
variables:
  data: data/sales.csv
budget:
  cost_usd: 3.00
defaults:
  permission_mode: acceptEdits
  allowed_tools: [Read, Write, "Bash(python3:*)"]
  timeout: 20m
instances:
  - name: profile
    prompt: |
      Load \${{ variables.data }} with python3 and profile it: columns, types, missing values, ranges, outliers.
    json_schema:
      type: object
      required: [rows, columns, problems]
      properties:
        rows: { type: integer }
        columns: { type: array, items: { type: string } }
        problems: { type: array, items: { type: string } }
  - name: questions
    needs: [profile]
    prompt: |
      The data has \${{ needs.profile.json.rows }} rows. Answer with python3: which three columns explain most of
      the variance of the main figure, and what changed over time?
  - name: report
    needs: [profile, questions]
    prompt: |
      Write report.md for someone who knows the business and not the data. Findings:
      \${{ needs.questions.result }}
    success_when:
      - file: report.md
`,
};

export const debugging: Example = {
  name: "debugging",
  summary: "Three hypotheses looked into at once, then one fix that must make the failing test pass",
  text: `# Independent investigations do not talk each other into the same wrong idea.
name: debugging
variables:
  test: npm test -- --run checkout
budget:
  cost_usd: 6.00
defaults:
  timeout: 20m
instances:
  - name: hypothesis
    matrix:
      angle: [recent changes in git, timing and concurrency, data and edge cases]
    permission_mode: plan
    prompt: |
      The command "\${{ variables.test }}" fails. Look for the cause from one angle only: \${{ matrix.angle }}.
      Give the most likely cause, the evidence for it and the evidence against it. Change nothing.
  - name: fix
    needs: [hypothesis]
    permission_mode: acceptEdits
    allowed_tools: ["Bash(npm test:*)", Read, Edit]
    prompt: |
      Three investigators looked at the failing command "\${{ variables.test }}":
      \${{ needs.hypothesis.result }}
      Decide which is right, fix the cause (not the symptom), and run the command.
    success_when:
      - command: [npm, test, --, --run, checkout]
      - workspace_changed
`,
};
