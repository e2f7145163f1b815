import { inTurns, inTurnsOfAll, type Scenarios } from "../scenario.ts";
import { call, message, say, shell, type Content } from "../step.ts";

function child(task: string, description: string): Content {
  return call({ tool: "agent", prompt: `[[mock:sub-child]] ${task}`, description });
}

/** Sub-agents: the parent delegates, each child has a script of its own. */
export const delegation = {
  subagent: inTurnsOfAll(
    "delegates to one sub-agent (which follows sub-child), then answers",
    message(["Delegating.", child("Do the small thing", "Small thing")], { usage: { input: 3000, output: 100 } }),
    say("Subagent finished; all done."),
  ),
  subagent2: inTurnsOfAll(
    "delegates to two sub-agents at once, then answers",
    message(["Delegating two.", child("A", "A thing"), child("B", "B thing")]),
    say("Both subagents finished."),
  ),
  "sub-child": inTurns(
    "what a sub-agent does: one command, then its result",
    message(["Child working.", shell("echo child")], { usage: { input: 700, output: 70 } }),
    say("Child result: ok.", { usage: { input: 800, output: 80 } }),
  ),
} satisfies Scenarios;
