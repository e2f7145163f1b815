/** A run anybody can start: no agent, no key, no network, over in half a minute. */
export const demoFile = `# A small fleet of shell scripts: what the page shows is real, and nothing was asked of any model.
name: demo
defaults:
  agent: command
  timeout: 2m
instances:
  - name: look
    run: |
      for step in 1 2 3 4 5; do echo "reading part $step of 5"; sleep 0.6; done
      echo "found 3 things to do"
  - name: build
    matrix: { target: [linux, macos, windows] }
    needs: [look]
    run: |
      for step in $(seq 1 40); do echo "$TARGET: compiled file $step of 40"; sleep 0.1; done
      echo "$TARGET: built"
    env: { TARGET: "\${{ matrix.target }}" }
  - name: lint
    needs: [look]
    continue_on_failure: true
    run: |
      for file in account example ledger; do echo "checked src/$file.ts"; sleep 0.6; done
      echo "src/example.ts:12: unused variable" >&2
      exit 1
  - name: tests
    needs: [build]
    run: |
      for step in $(seq 1 60); do printf '\\033[32mok\\033[0m test %s\\n' "$step"; sleep 0.05; done
      echo "60 tests passed"
  - name: summary
    needs: [tests]
    run: |
      echo "Built for three targets, 60 tests passed, the linter has one complaint."
`;
