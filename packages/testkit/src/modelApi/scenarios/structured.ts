import { sampleOf } from "../schemaSample.ts";
import type { Scenarios, StepContext } from "../scenario.ts";
import { call, message, say, type Step } from "../step.ts";
import { structuredTool } from "../toolMapping.ts";

/** By the tool where the CLI offers one (Claude Code), else as the answer's text (codex, gemini). */
function handIn({ conversation, turn }: StepContext): Step {
  if (conversation.tools.some((tool) => tool.name === structuredTool)) {
    return turn === 0 ? message([call({ tool: "structured" })]) : say("The structured output was handed in.");
  }
  return say(JSON.stringify(sampleOf(conversation.outputSchema ?? {})));
}

/** Answers checked against a schema. */
export const structured = {
  structured: { about: "structured output that fits the request's own schema", step: handIn },
  "structured-bad": {
    about: "structured output that never fits any schema with a required field",
    step: () => message([call({ tool: "structured", value: { nope: 1 } })]),
  },
  "structured-repaired": {
    about: "structured output that does not fit at first and then does",
    step: (context) =>
      context.turn === 0
        ? message([call({ tool: "structured", value: { nope: 1 } })])
        : handIn({ ...context, turn: context.turn - 1 }),
  },
} satisfies Scenarios;
