export type { Basis } from "./basis.ts";
export * from "./checkForecasts.ts";
export * from "./forecastRun.ts";
export * from "./observation.ts";
export * from "./promptEstimates.ts";
export type { Spread } from "./priors.ts";
