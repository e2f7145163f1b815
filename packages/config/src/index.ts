export { decodeConfig, largestConfigBytes, tooLarge, type DecodeResult } from "./decodeConfig.ts";
export { loadPlan, type LoadResult } from "./loadPlan.ts";
export type { BudgetOverrides, LoadOptions, PlanOverrides } from "./loadOptions.ts";
export { planFromPrompts, type PromptOptions } from "./planFromPrompts.ts";
export { formatProblems, type Problem } from "./problems.ts";
export { resolvePath } from "./resolvePath.ts";
export { configJsonSchema } from "./schema/jsonSchema.ts";
export { parseStartAt, type StartAtResult } from "./startAt.ts";
export { nearest } from "./suggestions.ts";
