export { withBudgetsSet } from "../supervise/planChange.ts";
export { lockedSentence } from "./lockedSentence.ts";
export { outboundObstacles } from "./outbound.ts";
export { planObstacles } from "./planObstacles.ts";
