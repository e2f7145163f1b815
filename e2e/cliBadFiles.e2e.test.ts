import { truncateSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRig } from "./rig.ts";

interface Bad {
  readonly what: string;
  readonly text: string | Uint8Array;
  /** In the sentence the person reads. */
  readonly says: readonly string[];
  readonly name?: string;
}

const echo = (name: string, more = ""): string =>
  `  - { name: ${name}, agent: command, run: [echo, ${name}]${more} }\n`;

const bad: readonly Bad[] = [
  {
    what: "a misspelt field of the file",
    text: `instances:\n${echo("a")}budgets: { tokens: 5 }\n`,
    says: [":3:1:", "budget"],
  },
  {
    what: "a misspelt field of an instance",
    text: "instances:\n  - name: a\n    promt: Go\n",
    says: [":3:5:", "promt", "did you mean `prompt`"],
  },
  {
    what: "an unknown agent",
    text: "instances:\n  - { name: a, agent: cluade, prompt: Go }\n",
    says: [":2:", "cluade", "claude"],
  },
  {
    what: "a number for a text",
    text: "instances:\n  - { name: a, prompt: 7 }\n",
    says: [":2:24:", "prompt", 'put it in quotes: "7"'],
  },
  { what: "a negative budget", text: `budget: { tokens: -5 }\ninstances:\n${echo("a")}`, says: [":1:19:", "-5"] },
  { what: "an empty list", text: "instances: []\n", says: [":1:12:", "at least one"] },
  { what: "no instances at all", text: "name: nothing\n", says: [":1:1:", "instances"] },
  { what: "an empty file", text: "", says: [":1:1:"] },
  { what: "a list at the top", text: "- a\n- b\n", says: [":1:1:", "object"] },
  { what: "broken YAML", text: "instances:\n  - name: [a\n", says: [":"] },
  { what: "broken JSON", name: "fleet.json", text: '{"instances": [}\n', says: ["fleet.json:1:16:"] },
  {
    what: "a circle",
    text: `instances:\n${echo("a", ", needs: b")}${echo("b", ", needs: a")}`,
    says: [":3:", "a -> b -> a"],
  },
  {
    what: "a need of nobody",
    text: `instances:\n${echo("build")}${echo("test", ", needs: biuld")}`,
    says: [":3:", "biuld", "build"],
  },
  { what: "a name twice", text: `concurrency: 2\ninstances:\n${echo("a")}${echo("a")}`, says: [":4:", "a"] },
  { what: "neither prompt nor run", text: "instances:\n  - { name: a, model: haiku }\n", says: [":2:", "prompt"] },
  { what: "a bad duration", text: `instances:\n${echo("a", ", timeout: soon")}`, says: [":2:", "soon", "1h30m"] },
  {
    what: "a start at 25:00",
    text: `start_at: "25:00"\ninstances:\n${echo("a")}`,
    says: [":1:11:", "25:00", "0 to 23"],
  },
  {
    what: "a bad expression",
    text: `instances:\n${echo("a")}${echo("b", ', needs: [{ instance: a, when: "needs.a.exit_code ==" }]')}`,
    says: [":3:", "^"],
  },
  {
    what: "a value of an instance it does not need",
    text: `instances:\n${echo("a")}  - { name: b, prompt: "\${{ needs.a.result }}" }\n`,
    says: [":3:", "needs"],
  },
  {
    what: "an alias bomb",
    text: `x: &a [1,1,1,1,1,1,1,1,1]\n${["b", "c", "d", "e", "f", "g", "h"].map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefg"[at]}`).join(",")}]\n`).join("")}instances:\n${echo("a")}`,
    says: ["alias"],
  },
  {
    what: "bytes that are no UTF-8",
    text: Uint8Array.from([...Buffer.from("name: caf"), 0xe9, 0x0a]),
    says: [":1:10:", "UTF-8"],
  },
  { what: "a NUL byte", text: Uint8Array.from([0x61, 0x00, 0x62]), says: [":1:2:", "NUL"] },
];

describe("a file with a problem starts nothing and says where the problem is:", () => {
  test.each(bad)("$what", async ({ text, says, name = "fleet.yaml" }) => {
    await using rig = await createRig({ files: { [name]: text } });
    const { exitCode, stdout, stderr } = await rig.command(["run", name, "--json"]);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/fleet\.(?:yaml|json):\d+:\d+: /),
    });
    for (const words of says) expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at .*\.m?[jt]s/);
    expect({ folder: rig.exists(".orchestrator"), requests: rig.model.requests() }).toEqual({
      folder: false,
      requests: [],
    });
  });

  test("a file of 50 MB", async () => {
    await using rig = await createRig({ files: { "fleet.yaml": "instances: []\n" } });
    truncateSync(rig.path("fleet.yaml"), 50 * 1024 * 1024);
    const { exitCode, stderr } = await rig.command(["run", "fleet.yaml"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining("50.0 MB") });
    expect(rig.exists(".orchestrator")).toBe(false);
  });

  test("every problem is told at once", async () => {
    const text =
      "concurrency: many\ninstances:\n  - { name: a, promt: Go }\n  - { name: b, agent: cluade, prompt: Go, needs: c }\n";
    await using rig = await createRig({ config: text });
    const { stderr } = await rig.command(["run", "fleet.yaml"]);
    const places = [...stderr.matchAll(/^fleet\.yaml:(\d+):\d+: /gm)].map((match) => match[1]);
    expect(new Set(places)).toEqual(new Set(["1", "3", "4"]));
  });
});

test.each([
  [["fleett.yaml"], "did you mean `fleet.yaml`"],
  [["fleet.yml"], "did you mean `fleet.yaml`"],
  [["nothing/here.json"], "There is no file"],
  [["./nothing"], "There is no file"],
  [["--config", "nothing.json"], "nothing.json"],
  [["folder"], "is a folder"],
  [["fleet"], "did you mean `fleet.yaml`"],
  [[], "nothing to run"],
  [[""], "nothing to run"],
] as const)("a mistyped path never starts anything: run %j", async (words, says) => {
  await using rig = await createRig({ config: `instances:\n${echo("a")}`, files: { "folder/inside.txt": "" } });
  const { exitCode, stdout, stderr } = await rig.command(["run", ...words]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain(says);
  expect({ folder: rig.exists(".orchestrator"), requests: rig.model.requests() }).toEqual({
    folder: false,
    requests: [],
  });
});
