import { dataAnalysis, debugging } from "./analysis.ts";
import { matrix, migration, tests } from "./building.ts";
import type { Example } from "./example.ts";
import { codeReview, securityReview } from "./review.ts";
import { starter } from "./starter.ts";
import { docs, multiAgent, releaseNotes } from "./writing.ts";

/** Every example, in the order of a listing; a test loads each one as a person's file. */
export const examples: readonly Example[] = [
  starter,
  codeReview,
  securityReview,
  tests,
  debugging,
  migration,
  dataAnalysis,
  docs,
  releaseNotes,
  matrix,
  multiAgent,
];
