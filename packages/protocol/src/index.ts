export { type Permission, permissions, readPermissions } from "./permissions.ts";
export { type FileProblem, type Problem, problem, problemType } from "./problem.ts";
export type { Answer, Asked, Asking, Route } from "./route.ts";
export { type RouteName, type Routes, routes } from "./routes.ts";
export type { Actor, RunSummaryDocument } from "./documents.ts";
export {
  type Batch,
  batch,
  type Envelope,
  envelope,
  mostTopics,
  type Positions,
  readCursor,
  writeCursor,
} from "./live.ts";
export { openApiDocument } from "./openApi.ts";
