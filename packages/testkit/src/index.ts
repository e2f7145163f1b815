export { compileCache } from "./compileCache.ts";
export {
  answeringScript,
  fakeSession,
  initLine,
  resultLine,
  textLine,
  toolResultLine,
  toolUseLine,
  type LineTokens,
} from "./fakeAgent/claudeLines.ts";
export { openFakeControl, type FakeControl, type ObedientAgent } from "./fakeAgent/fakeControl.ts";
export { fakeAgentPath, installFakeAgent } from "./fakeAgent/program.ts";
export {
  environmentFor,
  promptFor,
  type FakeScript,
  type FakeStep,
  type ForkKind,
  type StartFacts,
} from "./fakeAgent/script.ts";
export type { ApiName } from "./modelApi/conversation.ts";
export type { Outcome, RecordedRequest } from "./modelApi/recorder.ts";
export { scenarios, type ScenarioName } from "./modelApi/scenarios/index.ts";
export type { RateLimit, RateLimitCounts } from "./modelApi/rateLimit.ts";
export { startModelApi, type ModelApi, type ModelApiOptions } from "./modelApi/server.ts";
export { listRecordedLogs, type RecordedLog } from "./recordedLogs.ts";
export { listTranscripts, readTranscript, type RecordedAgent } from "./transcripts.ts";
