import { bytes, objectOf, optional } from "./fields.ts";

export const diskSchema = objectOf("the bounds on disk", {
  min_free: optional(
    bytes,
    "The run does not start, and starts nothing more, while less than this is free where it writes. Without it: 1GiB",
  ),
  max_run: optional(bytes, "Nothing more starts once the files and folders of the run are larger than this"),
});
