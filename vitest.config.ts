import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/lib/longestFirst.ts";

/** A slow machine makes a test slow, never red: these end a test that hangs, nothing else. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    passWithNoTests: true,
    // One more than CI has cores: while a test waits for a timer, an agent that sleeps or a disk that syncs, another has the core.
    maxWorkers: 3,
    pool: "forks",
    // Across the projects of one run: no core waits for the last file of a project before the next one begins.
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
          // It reads JSON in a way that Node does not.
          server: { deps: { inline: ["@actions/workflow-parser"] } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: { name: "e2e", include: ["e2e/**/*.e2e.test.ts"], ...patience },
      },
      {
        test: {
          name: "web",
          include: ["e2e/web/**/*.web.test.ts"],
          globalSetup: ["e2e/web/unpackBrowser.ts"],
          ...patience,
        },
      },
      {
        test: {
          name: "release",
          include: ["e2e/release/**/*.release.test.ts"],
          globalSetup: ["e2e/release/makeRelease.ts"],
          ...patience,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: { name: "screenshots", include: ["e2e/web/*.pictures.test.ts"], ...patience, testTimeout: 600_000 },
      },
      {
        test: { name: "agents", include: ["e2e/agents-cli/**/*.agents.test.ts"], ...patience },
      },
    ],
  },
});
