export * from "./scheduleEvents.ts";
export * from "./scheduleState.ts";
export * from "./decideSlots.ts";
