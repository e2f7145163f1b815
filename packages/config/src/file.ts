/** What reads a file: see index.ts. */
export { decodeConfig, largestConfigBytes, tooLarge, type DecodeResult } from "./decodeConfig.ts";
export { loadPlan, type LoadResult } from "./loadPlan.ts";
export { loadPolicy, type Lock, type Policy } from "./policy/loadPolicy.ts";
export { formatProblems, type Problem } from "./problems.ts";
export { configJsonSchema } from "./schema/jsonSchema.ts";
