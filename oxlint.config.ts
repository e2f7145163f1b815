/**
 * The rules a machine can hold us to: sizes, habits, and the arrows between the rooms. The table in ARCHITECTURE.md
 * ("Rooms") is the source; `rooms` below is that table as an allow-list. A room that is not in it may import nothing.
 */
import { defineConfig, type OxlintConfig } from "oxlint";

type Rules = NonNullable<OxlintConfig["rules"]>;

const node = ["node:*", "node:*/**"];
const zod = ["zod", "zod/mini"];
const processes = ["node:child_process", "node:cluster"];
const domain = "@claude-orchestrator/domain";
const engine = "@claude-orchestrator/engine";
const ports = "@claude-orchestrator/engine/ports";
const protocol = "@claude-orchestrator/protocol";
const configFile = "@claude-orchestrator/config/file";
const testkit = "@claude-orchestrator/testkit";

interface Room {
  /** Module names and gitignore-style patterns that may be imported; relative paths always may. */
  readonly may: readonly string[];
  /** Taken out of `may` again. */
  readonly never?: readonly string[];
  /** A pure room sees no clock, no randomness and no machine. */
  readonly pure?: true;
}

const rooms: Readonly<Record<string, Room>> = {
  domain: { may: [], pure: true },
  config: { may: [domain, ...zod, "yaml"], pure: true },
  engine: { may: [domain], pure: true },
  agents: { may: [domain, ports, ...zod], pure: true },
  host: { may: [domain, ports, "ajv", "ajv/**", ...node] },
  store: { may: [domain, ports, ...node], never: processes },
  gateway: { may: [domain, ports, ...node] },
  telemetry: { may: [domain, ports, ...node], never: processes },
  protocol: { may: [domain, ...zod], pure: true },
  server: { may: [domain, ports, protocol, "@claude-orchestrator/store", "fastify", "ws", ...node], never: processes },
  web: {
    may: [
      domain,
      "@claude-orchestrator/protocol",
      "react",
      "react-dom/client",
      "@dagrejs/dagre",
      "@codemirror/*",
      "@lezer/highlight",
      "@dagrejs/dagre",
      "@tanstack/react-query",
      "highlight.js/lib/*",
      "highlight.js/lib/languages/*",
      "lucide-react",
      "virtua",
      "wouter",
    ],
  },
  update: { may: [domain, ports, "tuf-js", "tuf-js/dist/error.js", "tuf-js/dist/store.js", ...node], never: processes },
  release: { may: [domain, "@claude-orchestrator/update", "@tufjs/canonical-json", ...node] },
  testkit: { may: [domain, engine, ports, "vitest", "fast-check", ...node] },
  cli: {
    may: ["@claude-orchestrator/*", ports, configFile, "commander", "croner", "diff", "yaml", ...zod, ...node],
    never: ["@claude-orchestrator/web", "@claude-orchestrator/release", testkit, ...processes],
  },
};

/** What judges the telemetry: OpenTelemetry's own names and writer, and a reader of Prometheus' text. */
const judges = ["@opentelemetry/*", "@opentelemetry/*/**", "parse-prometheus-text-format"];
const testTools = ["vitest", "vitest/**", "fast-check", ...judges, ...zod, "yaml", "ajv", "ajv/**", ...node];
const roomTests: Room = { may: [domain, engine, ports, protocol, testkit, ...testTools] };
const wholeProgram: Room = { may: ["@claude-orchestrator/*", ports, configFile, ...testTools] };
const browserTools = ["playwright-core", "@axe-core/playwright", "@sparticuz/chromium"];
const wholePage: Room = { may: [...wholeProgram.may, ...browserTools] };
const scripts: Room = { may: [domain, testkit, "esbuild", "vitest", "vitest/**", "fast-check", ...node] };

/** Another room is entered by its door; from here its files are out of reach. */
const doorsOnly = {
  regex: "^(\\.\\./)+([a-z-]+/src/|packages/)|^@claude-orchestrator/[^/]+/src",
  message: "Another room is entered by its door, `@claude-orchestrator/<room>`, never by its files (ARCHITECTURE.md)",
};

/** Relative paths: everything around a file. What `doorsOnly` refuses stays refused. */
const around = ["./**", "../**"];
/** An agent's folder stands alone, beside what agents share. */
const aroundAgent = ["./**", "../*.ts", "../shared/**"];

/** The `no-restricted-imports` options that allow what `room` lists and nothing else. */
function arrows(name: string, room: Room, near: readonly string[] = around): Rules {
  const allowed = room.may.length === 0 ? "nothing but its own files" : room.may.join(", ");
  const group = ["**", ...[...near, ...room.may].map((may) => `!${may}`), ...(room.never ?? [])];
  return {
    "no-restricted-imports": [
      "error",
      {
        paths: [
          {
            name: "node:child_process",
            importNames: ["exec", "execSync"],
            message: "A shell reads that string: spawn an argv list instead",
          },
        ],
        patterns: [doorsOnly, { group, message: `ARCHITECTURE.md, "Rooms": ${name} may import ${allowed}` }],
      },
    ],
  };
}

const machineGlobals = [
  "process",
  "Buffer",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "crypto",
  "fetch",
];

const pureRules: Rules = {
  "no-restricted-properties": [
    "error",
    {
      object: "Date",
      property: "now",
      message: "A pure room takes time from its Clock or from the event (ARCHITECTURE.md)",
    },
    {
      object: "Math",
      property: "random",
      message: "A pure room takes ids and randomness from its caller (ARCHITECTURE.md)",
    },
  ],
  "no-restricted-globals": [
    "error",
    ...machineGlobals.map((name) => ({
      name,
      message: "A pure room touches no machine: ask a port (ARCHITECTURE.md)",
    })),
  ],
};

const roomOverrides = Object.entries(rooms).map(([name, room]) => ({
  files: [`packages/${name}/src/**`],
  rules: { ...(room.pure === true ? pureRules : {}), ...arrows(name, room) },
}));

const testsAreFreeOf: Rules = {
  "max-lines-per-function": "off",
  "no-console": "off",
  "no-restricted-properties": "off",
  "no-restricted-globals": "off",
};

const size = { skipBlankLines: true, skipComments: true };

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "node", "vitest"],
  categories: { correctness: "error", suspicious: "error" },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  ignorePatterns: [
    "**/node_modules",
    "dist/**",
    "examples/**",
    "coverage/**",
    "packages/testkit/transcripts/**",
    "**/fixtures/**",
  ],
  rules: {
    "max-lines": ["error", { max: 400, ...size }],
    "max-lines-per-function": ["error", { max: 60, ...size }],
    "max-params": ["error", { max: 4 }],
    "max-depth": ["error", { max: 3 }],
    // A switch over a closed union is one decision, however many cases it has.
    complexity: ["error", { max: 12, variant: "modified" }],
    eqeqeq: "error",
    "no-eval": "error",
    "no-new-func": "error",
    "no-var": "error",
    "prefer-const": "error",
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "import/no-mutable-exports": "error",
    "typescript/await-thenable": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-namespace": "error",
    "typescript/only-throw-error": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "unicorn/filename-case": ["error", { case: "camelCase" }],
    "unicorn/prefer-node-protocol": "error",
    "vitest/no-focused-tests": "error",
    "vitest/no-identical-title": "error",
    "typescript/unbound-method": "off",
    "no-unmodified-loop-condition": "off",
    // The compiler already knows these, and better.
    "typescript/consistent-return": "off",
    "import/no-unassigned-import": "off",
    "import/no-named-as-default-member": "off",
    "unicorn/require-module-specifiers": "off",
    // A brand and a parsed value need an assertion at their one door.
    "typescript/no-unsafe-type-assertion": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/no-thenable": "off",
    "vitest/expect-expect": "off",
    "vitest/require-to-throw-message": "off",
    "promise/always-return": "off",
    "no-underscore-dangle": "off",
    // Text from agents is cleaned of control characters, so they are named in patterns.
    "no-control-regex": "off",
  },
  overrides: [
    {
      files: ["packages/*/src/**"],
      rules: {
        "no-console": "error",
        ...arrows("a room missing from oxlint.config.ts", { may: [] }),
      },
    },
    ...roomOverrides,
    {
      // A component's file has its component's name.
      files: ["packages/web/src/**/*.tsx"],
      rules: { "unicorn/filename-case": ["error", { cases: { camelCase: true, pascalCase: true } }] },
    },
    {
      files: ["packages/agents/src/*/**"],
      rules: arrows("an agent's folder", rooms["agents"] ?? { may: [] }, aroundAgent),
    },
    {
      files: ["packages/*/src/**/*.test.ts", "packages/*/src/testing/**"],
      rules: { ...testsAreFreeOf, ...arrows("a test", roomTests) },
    },
    {
      files: ["packages/release/src/**/*.test.ts"],
      rules: arrows("a test of a release", { may: [...roomTests.may, "@claude-orchestrator/update"] }),
    },
    {
      files: ["packages/cli/src/**/*.test.ts", "packages/cli/src/testing/**", "e2e/**", "bench/**"],
      rules: { ...testsAreFreeOf, ...arrows("what drives the whole program", wholeProgram) },
    },
    { files: ["e2e/web/**", "bench/web*.ts"], rules: arrows("what drives the page", wholePage) },
    { files: ["scripts/**"], rules: arrows("scripts", scripts) },
    {
      files: ["scripts/openApi.ts"],
      rules: arrows("what writes the API's document", { may: [...scripts.may, protocol] }),
    },
    {
      files: ["airgap", "audit", "rebuild", "release", "releaseKeys", "releaseTuf", "signRelease"].map(
        (name) => `scripts/${name}.ts`,
      ),
      rules: arrows("what starts a release", { may: [...scripts.may, "@claude-orchestrator/release"] }),
    },
    { files: ["scripts/docs.test.ts"], rules: arrows("what reads the guide against the code", wholeProgram) },
    {
      files: ["scripts/workflows.test.ts"],
      rules: arrows("what reads the workflows", { may: [...scripts.may, "@actions/workflow-parser", "yaml"] }),
    },
    {
      files: ["scripts/draftedRelease.test.ts"],
      rules: arrows("what drafts a release", {
        may: [...scripts.may, "@claude-orchestrator/release", "@claude-orchestrator/update", "yaml"],
      }),
    },
    { files: ["scripts/**/*.test.ts"], rules: { "max-lines-per-function": "off" } },
    {
      files: ["*.config.ts", "packages/*/*.config.ts"],
      rules: { "import/no-default-export": "off", "unicorn/filename-case": "off" },
    },
  ],
});
