import type { Example } from "./example.ts";

export const docs: Example = {
  name: "docs",
  summary: "Write documentation page by page, then have someone who knows nothing follow it",
  text: `# The last instance is the reader: it sees only the pages, not the code.
name: docs
budget:
  cost_usd: 5.00
defaults:
  permission_mode: acceptEdits
  allowed_tools: [Read, Write, Edit, Grep, Glob]
  timeout: 20m
instances:
  - name: page
    matrix:
      topic: [getting-started, configuration, troubleshooting]
    prompt: |
      Write docs/\${{ matrix.topic }}.md for a first-time user. Every command you show must exist in this repository.
    env:
      TOPIC: \${{ matrix.topic }}
    success_when:
      - command: test -s "docs/$TOPIC.md"
  - name: reader
    needs: [page]
    permission_mode: plan
    allowed_tools: ["Read(docs/**)"]
    prompt: |
      Read only docs/. You have never seen this project. Where would you be stuck, and what is missing?
`,
};

export const releaseNotes: Example = {
  name: "release-notes",
  summary: "Collect the changes with git, write notes, and let a cheap model check the facts",
  text: `# The command agent does what needs no model: its output is an answer like any other.
name: release-notes
variables:
  since: v1.4.0
budget:
  cost_usd: 1.00
instances:
  - name: changes
    agent: command
    run: [git, log, --no-merges, "--format=%h %s", "\${{ variables.since }}..HEAD"]
  - name: notes
    needs: [changes]
    prompt: |
      Write release notes for users (what changed for them, what they must do) from these commits:
      \${{ needs.changes.result }}
  - name: check
    needs: [changes, notes]
    model: haiku
    prompt: |
      Does every sentence of the notes follow from a commit? List those that do not.
      Commits:
      \${{ needs.changes.result }}
      Notes:
      \${{ needs.notes.result }}
`,
};

export const multiAgent: Example = {
  name: "multi-agent",
  summary: "The same question to several agent programs, then a comparison; a missing answer does not stop it",
  text: `# Different programs, different models, one file. "claude-orchestrator doctor" says which are installed.
name: multi-agent
variables:
  question: Where does this project do more work than it has to?
budget:
  cost_usd: 6.00
defaults:
  timeout: 15m
  continue_on_failure: true
instances:
  - name: claude
    agent: claude
    prompt: \${{ variables.question }}
  - name: codex
    agent: codex
    prompt: \${{ variables.question }}
  - name: gemini
    agent: gemini
    prompt: \${{ variables.question }}
  - name: compare
    agent: claude
    continue_on_failure: false
    needs:
      - { instance: claude, when: always }
      - { instance: codex, when: always }
      - { instance: gemini, when: always }
    prompt: |
      Three programs answered the same question (an empty answer means that one failed). Where do they agree, where not,
      and who is right? Check the code before you decide.
      claude: \${{ needs.claude.result }}
      codex: \${{ needs.codex.result }}
      gemini: \${{ needs.gemini.result }}
`,
};
