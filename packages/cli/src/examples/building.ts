import type { Example } from "./example.ts";

export const tests: Example = {
  name: "tests",
  summary: "Write tests for several modules at once; done only when the suite passes",
  text: `# An instance counts as done when its own tests pass, not when the agent says so.
name: write-tests
budget:
  cost_usd: 8.00
defaults:
  permission_mode: acceptEdits
  timeout: 30m
  retry: { attempts: 2, on: [acceptance, rate_limit, overload] }
instances:
  - name: test
    matrix:
      module: [parser, scheduler, storage]
    allowed_tools: [Read, Write, Edit, "Bash(npx vitest:*)"]
    prompt: |
      Write unit tests for src/\${{ matrix.module }}: behaviour, edges, errors. Beside the source, in its style.
      Do not change the source; report what looks like a bug instead.
    env:
      MODULE: \${{ matrix.module }}
    success_when:
      - command: npx vitest run "src/$MODULE"    # a check sees the instance's env
      - workspace_changed
  - name: suite
    needs: [test]
    agent: command
    run: [npx, vitest, run]
`,
};

export const migration: Example = {
  name: "migration",
  summary: "A migration in steps of one session, each checked before the next begins",
  text: `# A sequence runs one step after the other; a step that fails ends it there.
name: migration
budget:
  cost_usd: 15.00
  on_exceed: pause
  windows:
    - { duration: 1h, cost_usd: 5.00 }
defaults:
  permission_mode: acceptEdits
  timeout: 45m
instances:
  - name: baseline
    agent: command
    run: [npm, test]
  - name: migrate
    needs: [baseline]
    sequence:
      - prompt: List every use of the old HTTP client in src, with what it needs of it. Write MIGRATION.md.
        success_when: { file: MIGRATION.md }
      - prompt: Follow MIGRATION.md. Replace the old client in src/api, keeping behaviour. Run the tests.
        success_when: { command: [npm, test] }
      - prompt: Follow MIGRATION.md. Replace the rest, then remove the old dependency. Run the tests.
        success_when: { command: [npm, test] }
  - name: leftovers
    needs: [migrate]
    permission_mode: plan
    prompt: Search for anything the migration forgot (docs, types, comments, lock file). Change nothing.
`,
};

export const matrix: Example = {
  name: "matrix",
  summary: "The same task over combinations of values, some left out, some added",
  text: `# One instance per combination: "port (target=linux, size=small)", …
name: matrix
concurrency: 3
defaults:
  agent: command
  timeout: 5m
instances:
  - name: build
    matrix:
      target: [linux, macos, windows]
      size: [small, large]
      exclude:
        - { target: windows, size: small }
      include:
        - { target: linux, size: huge }
    env:
      TARGET: \${{ matrix.target }}
      SIZE: \${{ matrix.size }}
    run: echo "building $TARGET in size $SIZE"
  - name: all-built
    needs: [build]
    run: [echo, every build succeeded]
`,
};
