/** What forecasts need, by one import: see supervise/door.ts. */
export { forecastLines } from "../views/forecastLines.ts";
export { checkHistory } from "./checkHistory.ts";
export { withExpectations } from "./expectations.ts";
export { forecastJson, forecastPlan } from "./forecastPlan.ts";
