export { AccessBook, type ApiToken } from "./access/accessBook.ts";
export { bindProblem, type BindWish } from "./bindProblem.ts";
export type { Fleet, FleetCall, FleetRoute, OutputFile, OutputWish } from "./fleet.ts";
export { Refusal } from "./http/refusal.ts";
export { type Found } from "./logs/searchLines.ts";
export { searchOutput } from "./logs/searchOutput.ts";
export { type RunningServer, type ServerOptions, startServer } from "./startServer.ts";
