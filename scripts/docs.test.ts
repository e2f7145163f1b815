/** The guide against the code: its examples load, and it leaves out nothing it says it lists. */
import { readdirSync, readFileSync, existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { agents } from "@claude-orchestrator/agents";
import { configJsonSchema, formatProblems, loadPlan } from "@claude-orchestrator/config/file";
import { isJsonObject, verdicts, type JsonValue } from "@claude-orchestrator/domain";
import { baseEnvironmentNames, baseEnvironmentPrefixes, windowsEnvironmentNames } from "@claude-orchestrator/host";

const root = path.resolve(import.meta.dirname, "..");
const guide = path.join(root, "docs/guide");
const pages = [
  ...readdirSync(guide).map((name) => path.join(guide, name)),
  ...["README.md", "docs/reliability.md"].map((name) => path.join(root, name)).filter((file) => existsSync(file)),
].map((file) => ({ file, name: path.relative(root, file), text: readFileSync(file, "utf8") }));

const fence = /^```(yaml|json)\n([\s\S]*?)^```$/gm;

/** Whole files only: those that have instances. */
const examples = pages.flatMap(({ name, text }) =>
  [...text.matchAll(fence)]
    .map(([, , example = ""], index) => ({ title: `${name}, example ${index + 1}`, example }))
    .filter(({ example }) => /^\s*"?instances"?:/m.test(example)),
);

function page(name: string): string {
  return pages.find((each) => each.name === `docs/guide/${name}`)?.text ?? "";
}

describe("every example of the guide that is a whole file", () => {
  test.for(examples)("loads: $title", ({ example }) => {
    const loaded = loadPlan(example, {
      fileName: "example.yaml",
      workspace: "/workspace",
      home: "/home/someone",
      defaultConcurrency: 4,
      knownAgents: agents.map(({ name }) => name),
    });
    expect("problems" in loaded ? formatProblems(loaded.problems) : "").toBe("");
    const refused = "plan" in loaded ? loaded.plan.instances.flatMap((each) => refusals(each)) : [];
    expect(refused).toEqual([]);
  });

  test("is found", () => {
    expect(examples.length).toBeGreaterThanOrEqual(12);
  });
});

function refusals(instance: Parameters<(typeof agents)[number]["problems"]>[0]): readonly string[] {
  return agents.find(({ name }) => name === instance.agent)?.problems(instance) ?? [];
}

/** The names of all fields at whatever depth; `matrix`, `variables` and the like hold names of the person's own. */
function fieldNames(schema: JsonValue): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((each: JsonValue) => fieldNames(each));
  if (!isJsonObject(schema)) return [];
  const own = isJsonObject(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  return [...own, ...Object.values(schema).flatMap((each) => fieldNames(each))];
}

test("every field of the file is named on its page", () => {
  const fields = [...new Set(fieldNames(configJsonSchema()))].filter((name) => name !== "$schema");
  expect(fields.length).toBeGreaterThan(50);
  expect(fields.filter((name) => !page("file.md").includes(`\`${name}`))).toEqual([]);
});

test("the short list of the environment is the whole list, and so is each agent's", () => {
  const base = [
    ...baseEnvironmentNames,
    ...windowsEnvironmentNames,
    ...baseEnvironmentPrefixes.map((each) => `${each}*`),
  ];
  expect(base.filter((name) => !page("file.md").includes(`\`${name}\``))).toEqual([]);
  const taken = agents.flatMap(({ passEnv }) => passEnv);
  expect(taken.filter((name) => !page("agents.md").includes(`\`${name}\``))).toEqual([]);
});

test("every agent and every verdict has its place", () => {
  expect(agents.filter(({ name }) => !page("agents.md").includes(`\n## ${name}\n`))).toEqual([]);
  expect(verdicts.filter((verdict) => !page("verdicts.md").includes(`\n| \`${verdict}\` |`))).toEqual([]);
});

describe("every link and every test named", () => {
  test.for(pages)("leads somewhere: $name", ({ file, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)/g)];
    const broken = links.filter(([, target = "", anchor]) => {
      const goal = target === "" ? file : path.resolve(path.dirname(file), target);
      return !existsSync(goal) || (anchor !== undefined && !anchorsOf(goal).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
    const tests = [...text.matchAll(/`((?:packages|e2e|scripts)\/[\w./-]+)`/g)].map(([, name = ""]) => name);
    expect(tests.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});

test("every fault of the catalogue that fits one run has its row, with a test that proves it", () => {
  const text = pages.find(({ name }) => name === "docs/reliability.md")?.text ?? "";
  const rows = [...text.matchAll(/^\| R(\d+) \|.*\| ([^|]+) \|$/gm)];
  const asked = [...Array.from({ length: 19 }, (_each, at) => at + 1), 22, 24, 25, 28, 29, 37, 38, 39];
  const numbers = rows.map(([, number]) => Number(number));
  expect(asked.filter((number) => !numbers.includes(number))).toEqual([]);
  expect(rows.filter(([, , proof = ""]) => !/`[^`]+\.test\.ts`/.test(proof)).map(([row]) => row)).toEqual([]);
});

/** As the forges make them of headings. */
function anchorsOf(file: string): readonly string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = ""]) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-")}`,
  );
}
