import { describe, expect, test } from "vitest";
import { sentencesOf } from "./testing/loading.ts";

const instance = (lines: string): string =>
  `instances:\n  - prompt: hello\n    name: a\n${lines.replace(/^/gm, "    ")}\n`;

describe("a file with something wrong in it", () => {
  test.each<[title: string, text: string, sentences: readonly string[]]>([
    [
      "empty",
      "",
      ["1:1 the file is empty | begin with a list of `instances`, or let `claude-orchestrator init` write one"],
    ],
    [
      "only comments",
      "# nothing\n",
      ["1:1 the file is empty | begin with a list of `instances`, or let `claude-orchestrator init` write one"],
    ],
    ["no object", "- a\n", ["1:1 the file must be an object with a list of `instances`, but is a list of 1"]],
    ["no instances", "name: x\n", ["1:1 `instances` is missing: it must be a list of instances"]],
    [
      "an empty list",
      "instances: []\n",
      ["1:12 `instances` must be a list with at least one instance, but is an empty list"],
    ],
    [
      "a list that is none",
      "instances: build\n",
      [
        "1:12 `instances` must be a list of instances, but is the text `build` | write it as a list, also where there is one",
      ],
    ],
    [
      "an instance that is a text",
      "instances: [build]\n",
      ["1:13 `instances[0]` must be an instance: an object, but is the text `build`"],
    ],
    [
      "an unknown field",
      instance("modle: opus"),
      ["4:5 `modle` is not a field of an instance | did you mean `model`?"],
    ],
    [
      "an unknown field at the top",
      `concurency: 3\n${instance("")}`,
      ["1:1 `concurency` is not a field of the file | did you mean `concurrency`?"],
    ],
    [
      "a budget misspelt in an older file",
      `{"budgets": {}, "instances": [{"command": "/x"}]}`,
      ["1:2 `budgets` is not a field of the file | did you mean `budget`?"],
    ],
    [
      "an unknown field of the budget",
      `budget: { token: 5 }\n${instance("")}`,
      ["1:11 `token` is not a field of the budget | did you mean `tokens`?"],
    ],
    [
      "a merge key",
      instance("<<: {model: x}"),
      ["4:5 `<<` is not a field of an instance | YAML 1.2 has no merge keys: put what instances share into `defaults`"],
    ],
    ["an unknown agent", instance("agent: cluade"), ["4:12 there is no agent `cluade` | did you mean `claude`?"]],
    [
      "a number for a text",
      instance("model: 5"),
      ['4:12 `instances[0].model` must be text, but is the number 5 | put it in quotes: "5"'],
    ],
    [
      "a text for a number",
      instance('max_turns: "5"'),
      [
        "4:16 `instances[0].max_turns` must be a whole number of 1 or more, but is the text `5` | write it without quotes: 5",
      ],
    ],
    [
      "a text for a flag",
      instance("continue_on_failure: maybe"),
      ["4:26 `instances[0].continue_on_failure` must be true or false, but is the text `maybe`"],
    ],
    [
      "a list for an object",
      instance("budget: [1]"),
      ["4:13 `instances[0].budget` must be an object, but is a list of 1"],
    ],
    [
      "pre_commands as a text",
      instance("pre_commands: /clear"),
      [
        "4:19 `instances[0].pre_commands` must be a list of texts, but is the text `/clear` | write it as a list, also where there is one",
      ],
    ],
    [
      "a negative budget",
      `budget: { cost_usd: -5 }\n${instance("")}`,
      ["1:21 `budget.cost_usd` must be an amount of dollars above 0, but is the number -5"],
    ],
    [
      "a budget of nothing",
      `budget: { overall_budget: 0 }\n${instance("")}`,
      ["1:27 `budget.overall_budget` must be a whole number of 1 or more, but is the number 0"],
    ],
    [
      "a budget that is no number",
      `budget: { tokens: .nan }\n${instance("")}`,
      ["1:19 this is not a number that can be counted with | write a finite number"],
    ],
    [
      "a budget in euros",
      `budget: { budget_type: euros }\n${instance("")}`,
      ["1:24 `budget.budget_type` must be one of tokens, cost, mixed, but is the text `euros`"],
    ],
    [
      "an enforcement that is none",
      `budget: { enforcement_mode: stop }\n${instance("")}`,
      [
        "1:29 `budget.enforcement_mode` must be one of warn, block, pause, but is the text `stop` | did you mean `block`?",
      ],
    ],
    [
      "the same limit twice",
      `budget: { tokens: 5, overall_budget: 6 }\n${instance("")}`,
      ["1:22 `overall_budget` says the same as `tokens` | keep `tokens`"],
    ],
    [
      "no work",
      "instances:\n  - name: a\n",
      [
        "2:5 `a` has nothing to do: it has no `prompt`, `command`, `run` or `sequence` | write what to ask, for example `prompt: …`",
      ],
    ],
    [
      "work under a wrong name",
      "instances:\n  - promt: x\n",
      ["2:5 `promt` is not a field of an instance | did you mean `prompt`?"],
    ],
    [
      "an empty prompt",
      "instances:\n  - prompt: ' '\n",
      ["2:13 `instances[0].prompt` must be text that is not empty, but is an empty text"],
    ],
    [
      "a prompt for a program",
      instance("agent: command"),
      [
        "2:13 the agent `command` runs programs and cannot be asked | write `run` with the program and its words, or name another agent",
      ],
    ],
    [
      "a program for an agent",
      "instances:\n  - run: [ls]\n    agent: claude\n",
      [
        "2:10 `run` is for the agent `command`, but the agent is `claude` | leave `agent` out, or write `agent: command`",
      ],
    ],
    [
      "run beside a prompt",
      instance("run: [ls]"),
      ["4:10 `run` cannot stand beside a prompt | keep one; to do both, write two steps of a `sequence`"],
    ],
    [
      "an unknown need",
      instance("needs: [bild]\n") + "  - {name: build, prompt: x}\n",
      ["4:13 there is no instance `bild` to need | did you mean `build`?"],
    ],
    ["a need of itself", instance("needs: a"), ["4:12 `a` needs itself | remove it from its own `needs`"]],
    [
      "a need twice",
      instance("needs: [b, b]\n") + "  - {name: b, prompt: x}\n",
      ["4:16 `b` is needed twice | keep one of the two"],
    ],
    [
      "a cycle",
      "instances:\n  - {name: a, prompt: x, needs: b}\n  - {name: b, prompt: x, needs: c}\n  - {name: c, prompt: x, needs: [a]}\n",
      ["4:34 these instances wait for one another: a -> b -> c -> a | remove one of these needs"],
    ],
    [
      "a cycle through a sequence",
      "instances:\n  - {name: a, sequence: [x, y], needs: b}\n  - {name: b, prompt: x, needs: a}\n",
      ["3:33 these instances wait for one another: a.1 -> b -> a.2 -> a.1 | remove one of these needs"],
    ],
    [
      "a condition that is none",
      instance("needs: [{instance: b, when: sucess}]\n") + "  - {name: b, prompt: x}\n",
      ["4:33 `sucess` is not a condition | did you mean `success`?"],
    ],
    [
      "a condition that does not parse",
      instance('needs: [{instance: b, when: "${{ needs.b.tokens > }}"}]\n') + "  - {name: b, prompt: x}\n",
      ["4:55 the expression ends where a value should be"],
    ],
    [
      "a name given twice",
      instance("") + "  - {name: a, prompt: x, model: m}\n",
      [
        "5:12 the name `a` is given twice | `instances[0]` has it already: names tell instances apart in `needs` and on the screen",
      ],
    ],
    [
      "a name over two lines",
      'instances: [{prompt: x, name: "a\\nb"}]\n',
      [
        "1:31 `instances[0].name` must be a name of 1 to 200 characters, on one line and without control characters, but is the text `a b`",
      ],
    ],
    [
      "an expression that does not parse",
      instance('system_prompt: "say ${{ needs.b = 1 }}"'),
      ['4:37 "=" means nothing in an expression | write `==` to compare'],
    ],
    [
      "an expression in a block text",
      "instances:\n  - prompt: |\n      first ${{ run.id }}\n      second ${{ run.idd }}\n    model: m\n",
      ["4:18 `idd` is not part of `run` | did you mean `id`?"],
    ],
    [
      "a result that is not needed",
      instance('append_system_prompt: "${{ needs.b.result }}"\n') + "  - {name: b, prompt: x}\n",
      ["4:32 `b` is used here but not needed, so its result might not be there | add it: `needs: [b]`"],
    ],
    [
      "a result of nobody",
      instance('append_system_prompt: "${{ needs.bb.result }}"\nneeds: [b]\n') + "  - {name: b, prompt: x}\n",
      ["4:32 there is no instance `bb` | did you mean `b`?"],
    ],
    [
      "an unknown part of a result",
      instance('append_system_prompt: "${{ needs.b.output }}"\nneeds: [b]\n') + "  - {name: b, prompt: x}\n",
      [
        "4:32 `output` is not part of what an instance leaves | one of result, json, status, exit_code, tokens, cost_usd, results, members",
      ],
    ],
    [
      "an unknown variable",
      `variables: {topic: x}\n${instance('append_system_prompt: "${{ variables.topik }}"')}`,
      ["5:32 there is no `topik` in `variables` | did you mean `topic`?"],
    ],
    [
      "a matrix that is not there",
      instance("model: ${{ matrix.model }}"),
      ["4:16 there is no `matrix` in this instance | give it one: `matrix: {model: [...]}`"],
    ],
    [
      "a late value for an early field",
      instance("model: ${{ run.id }}"),
      ["4:16 `run` cannot be used here | only `matrix` and `variables` are known before the run"],
    ],
    [
      "a result in an early field",
      `${instance('cwd: "${{ needs.b.result }}"\nneeds: [b]\n')}  - {name: b, prompt: x}\n`,
      ["4:15 `needs` cannot be used here | only `matrix` and `variables` are known before the run"],
    ],
    [
      "a result in the file of a success condition",
      `${instance('success_when: [{file: "${{ needs.b.result }}"}]\nneeds: [b]\n')}  - {name: b, prompt: x}\n`,
      ["4:32 `needs` cannot be used here | only `matrix` and `variables` are known before the run"],
    ],
    [
      "a value in a pattern",
      instance('success_when: {pattern: "a ${{ run.id }}"}'),
      [
        "4:32 `${{ }}` cannot stand in a pattern | a value cannot be filled in here; for the signs themselves write \\$\\{\\{",
      ],
    ],
    [
      "turns of a session for a program",
      "instances:\n  - {run: [ls], pre_commands: [/init]}\n",
      [
        "2:17 `pre_commands` means nothing beside `run` | remove it: a program has no session; what should run before it is a step of its own",
      ],
    ],
    [
      "an expression in a script",
      "instances:\n  - run: echo ${{ run.id }}\n",
      [
        "2:15 `${{ }}` cannot stand in a script | give the value a name in `env` and use that: a script is never filled in, so nothing can be pasted into a shell",
      ],
    ],
    [
      "a matrix beside a sequence",
      "instances:\n  - {name: a, sequence: [x], matrix: {n: [1]}}\n",
      [
        "2:30 `matrix` and `sequence` cannot stand in one instance | give each step its own matrix instance, or write the combinations as instances",
      ],
    ],
    [
      "a matrix too large",
      `instances:\n  - {name: a, prompt: x, matrix: {n: [${"1,".repeat(300)}1]}}\n`,
      ["2:34 this matrix makes more than 256 instances"],
    ],
    [
      "a regular expression that is none",
      instance("success_when: {pattern: '('}"),
      [
        String.raw`4:29 this is not a regular expression: Unterminated group | write \ before ( ) [ ] { } + * ? that stand for themselves`,
      ],
    ],
    [
      "two conditions in one",
      instance("success_when: {pattern: x, command: y}"),
      ["4:19 `command` and `pattern` are two conditions | make a list, with one object for each condition"],
    ],
    [
      "a condition that asks nothing",
      instance("success_when: [{}]"),
      ["4:20 this success condition asks for nothing | write command, file, pattern, json_schema or workspace_changed"],
    ],
    [
      "a JSON Schema with a type that is none",
      instance("json_schema: {type: strin}"),
      ["4:25 `strin` is not a type of JSON Schema | did you mean `string`?"],
    ],
    [
      "a JSON Schema by path",
      instance("json_schema: schema.json"),
      [
        "4:18 `instances[0].json_schema` must be an object, but is the text `schema.json` | write the schema itself here, not the path of a file",
      ],
    ],
    [
      "a duration that is none",
      instance("timeout: 5 parsecs"),
      [
        '4:14 `instances[0].timeout` must be a duration such as 90 (seconds), "90s", "1h30m" or "500ms", but is the text `5 parsecs`',
      ],
    ],
    [
      "a timeout of nothing",
      instance("timeout: 0s"),
      ["4:14 this time must be longer than nothing | leave it out for no limit"],
    ],
    ["a duration of a hundred years", instance("timeout: 36500d"), ["4:14 this duration is longer than 10 years"]],
    [
      "a start that is none",
      `start_at: "25:00"\n${instance("")}`,
      [
        "1:11 `25:00` is not a clock time: the hours go from 0 to 23 | write 2h, 1h30m, 45s, 14:30, 2am, 2:30pm, or a date such as 2026-03-01T09:00 (with or without Z or +02:00)",
      ],
    ],
    [
      "a variable name no shell knows",
      instance("env: {MY-NAME: x}"),
      ["4:11 the key `MY-NAME` must be the name of an environment variable (letters, digits and _)"],
    ],
    [
      "a session two would write at once",
      instance("session_id: s\nmodel: m") + "  - {name: b, prompt: x, session_id: s}\n",
      [
        "6:38 `b` and `a` would write the session `s` at the same time | let one need the other: `needs: [a]`, or name another session",
      ],
    ],
    [
      "a key written twice",
      instance("model: a\nmodel: b"),
      ["5:5 the key `model` is written twice in the same place | keep one of them: the other would be lost"],
    ],
    [
      "a tab in YAML",
      "instances:\n\t- prompt: x\n",
      ["2:1 a tab stands where YAML wants spaces (Tabs are not allowed as indentation) | indent with spaces"],
    ],
    ["a tag", instance("model: !secret x"), ["4:20 the tag `!secret` is not known here | remove it"]],
    [
      "two documents",
      `${instance("")}---\nb: 1\n`,
      ["5:1 the file holds more than one YAML document | keep one, without a line of `---` between"],
    ],
    [
      "an alias to nothing",
      instance("model: *x"),
      ["4:12 there is no anchor `&x` before this alias | put text that begins with * in quotes"],
    ],
    [
      "an alias in itself",
      "instances: &a [*a]\n",
      ["1:16 the alias `*a` stands inside what it names | put text that begins with * in quotes"],
    ],
    [
      "an alias bomb",
      `a: &a [${"x,".repeat(9)}x]\n${"bcdefg".replace(/./g, (key) => `${key}: &${key} [${`*${String.fromCharCode(key.charCodeAt(0) - 1)},`.repeat(9)}x]\n`)}`,
      ["6:11 with its aliases written out the file holds more than 200000 values"],
    ],
    ["a bomb of brackets", "[".repeat(200_000), ["1:66 lists and objects are nested more than 64 deep"]],
    ["a bomb of braces", '{"a":'.repeat(100_000), ["1:326 lists and objects are nested more than 64 deep"]],
    ["a bomb of dashes", "- ".repeat(100_000), ["1:384 lists and objects are nested more than 64 deep"]],
    [
      "a bomb of commas",
      `a: [${",".repeat(700_000)}`,
      ["1:599999 the file has more than 600000 words and signs of YAML | make it smaller, or write it as JSON"],
    ],
  ])("is told: %s", (_title, text, sentences) => {
    expect(sentencesOf(text, { fileName: text.startsWith("{") ? "fleet.json" : "fleet" })).toEqual(sentences);
  });
});
