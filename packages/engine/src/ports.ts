/**
 * The seams of the engine: what it asks of the machine, of the agents' adapters and of the log. Types only.
 * host, agents and store fill them; the cli puts them together.
 */
export type * from "./ports/agents.ts";
export type * from "./ports/checks.ts";
export type * from "./ports/clock.ts";
export type * from "./ports/gateway.ts";
export type * from "./ports/log.ts";
export type * from "./ports/processes.ts";
export type * from "./ports/sharedLedger.ts";
export type * from "./ports/workspaces.ts";
