export type * from "./door.ts";
export type * from "./ports.ts";
export { composeEnvironment, markerName } from "./environment.ts";
export { budgetWords } from "./verdict.ts";
export { resumeRun, startRun } from "./run.ts";
export { createRedactor, withoutSecrets } from "./redact.ts";
