import { expect, test } from "vitest";
import { createRig } from "./rig.ts";

test("an instance continues the session of the one before it, and pays for its own part only", async () => {
  await using rig = await createRig({
    config: {
      defaults: { model: "haiku" },
      instances: [
        { name: "first", session_id: "notes", prompt: "The word is aardvark" },
        { name: "second", session_id: "notes", needs: "first", prompt: "[[mock:recall]] Which word?" },
      ],
    },
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ first: "succeeded", second: "succeeded" });
  expect(JSON.parse(run.instance("second").result ?? "")).toEqual({
    turns_before: 1,
    earlier_prompts: ["The word is aardvark"],
    prompt: "Which word?",
  });
  const [first, second] = [run.instance("first"), run.instance("second")];
  expect(second.attempts[0]?.session_id).toBe(first.attempts[0]?.session_id);
  expect([first.tokens["total"], second.tokens["total"]]).toEqual([1242, 1242]);
  expect(second.cost_usd).toBeCloseTo(first.cost_usd ?? 0, 9);

  // The session is there already in a second run of the same file: it is continued, not refused.
  const again = await rig.run({ args: ["--only", "first"] });
  expect(again.verdicts).toEqual({ first: "succeeded" });
  expect(again.instance("first").attempts.at(-1)?.session_id).toBe(first.attempts[0]?.session_id);
  expect(again.instance("first").tokens["total"]).toBe(1242);
});

test("what follows a cleared session goes on in the new one, not in the one that was left behind", async () => {
  const sharer = (name: string, more: object = {}) => ({ name, session_id: "s1", prompt: `I am ${name}`, ...more });
  await using rig = await createRig({
    config: {
      instances: [
        sharer("one"),
        sharer("two", { needs: "one", clear_history: true }),
        sharer("three", { needs: "two" }),
      ],
    },
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ one: "succeeded", two: "succeeded", three: "succeeded" });
  const session = (name: string) => run.instance(name).attempts.at(-1)?.session_id;
  expect(session("three")).toBe(session("two"));
  expect(session("three")).not.toBe(session("one"));
});

const commandFiles = {
  ".claude/commands/greet.md": "---\ndescription: Greets\nargument-hint: NAME\n---\nGreet $ARGUMENTS with respect\n",
  ".claude/commands/git/tidy.md": "Tidy up, please\n",
};

test("a command of the workspace runs with its arguments, though the workspace is not trusted", async () => {
  await using rig = await createRig({
    files: commandFiles,
    config: { instances: [{ command: "/greet Ada Lovelace" }, { command: "/git:tidy" }] },
  });
  const run = await rig.run();
  expect(run.verdicts).toEqual({ "/greet Ada Lovelace": "succeeded", "/git:tidy": "succeeded" });
  const bodies = rig.asked("text").map(({ body }) => body);
  expect(bodies.some((body) => body.includes("Greet Ada Lovelace with respect"))).toBe(true);
  expect(bodies.some((body) => body.includes("Tidy up, please"))).toBe(true);
});

test("a slash command nobody knows is refused before anything starts", async () => {
  await using rig = await createRig({
    files: commandFiles,
    config: { instances: [{ command: "/greeet Ada" }, { prompt: "Say hello" }] },
  });
  const { exitCode, stdout, stderr } = await rig.start().ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("/greeet");
  expect(stderr).toContain("did you mean `/greet`?");
  expect(rig.model.requests()).toEqual([]);
  expect(rig.runs()).toEqual([]);
});
