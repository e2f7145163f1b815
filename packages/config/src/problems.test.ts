import { expect, test } from "vitest";
import { formatProblems } from "./problems.ts";
import { problemsOf } from "./testing/loading.ts";

test("all problems are told at once, in the order of the file", () => {
  const text =
    "concurency: 2\ninstances:\n  - {name: a, prompt: '${{ x }}', timeout: soon, needs: [zz]}\n  - {name: b}\n";
  expect(problemsOf(text).map(({ line, column }) => [line, column])).toEqual([
    [1, 1],
    [3, 28],
    [3, 44],
    [3, 58],
    [4, 5],
  ]);
});

test("problems read as place, sentence, line with a caret, and hint", () => {
  expect(formatProblems(problemsOf("instances:\n  - {prompt: x, modle: y}\n"))).toBe(
    [
      "fleet.yaml:2:17: `modle` is not a field of an instance",
      "      - {prompt: x, modle: y}",
      "                    ^",
      "  hint: did you mean `model`?",
    ].join("\n"),
  );
});

test("a hostile text cannot steer the terminal through a sentence", () => {
  const esc = String.fromCharCode(27);
  const text = formatProblems(
    problemsOf(JSON.stringify({ [`${esc}[2J`]: 1, instances: [{ prompt: "x", agent: `${esc}]0;x` }] })),
  );
  expect(text).not.toContain(esc);
});

test("more than a hundred problems are counted, not printed", () => {
  const text = `instances:\n${"  - {prompt: x, modle: y}\n".repeat(150)}`;
  const problems = problemsOf(text);
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)?.message).toBe("there are 50 more problems after this one");
});
