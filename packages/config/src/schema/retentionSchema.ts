import { bytes, count, duration, objectOf, optional } from "./fields.ts";

export const retentionSchema = objectOf("the retention", {
  age: optional(duration, "Runs that ended longer ago than this are removed, such as 30d"),
  count: optional(count, "At most so many runs are kept, the newest"),
  size: optional(bytes, "Runs of at most this much together are kept, the newest, such as 10GB"),
});
