/** What a run of prompts needs. What reads files is behind a door of its own (file.ts): it brings yaml and zod along. */
export type { BudgetOverrides, LoadOptions, PlanOverrides } from "./loadOptions.ts";
export { planFromPrompts, type PromptOptions } from "./planFromPrompts.ts";
export { resolvePath } from "./resolvePath.ts";
export { parseStartAt, type StartAtResult } from "./startAt.ts";
export { nearest } from "./suggestions.ts";
