import * as z from "zod/mini";
import { objectOf, optional } from "./fields.ts";

const words = "a number from 0 on";
const limit = z.number(words).check(z.gte(0, words));

export const breakersSchema = objectOf("the circuit breakers", {
  on_trip: optional(
    z.enum(["warn", "stop"], "one of warn, stop"),
    "warn: it is said, once per attempt. stop: the attempt ends as failed and is not tried again. Without it: warn",
  ),
  identical_requests: optional(
    limit,
    "Trips where an agent asks its model the very same thing again after so many answers. 0: off. Without it: 5",
  ),
  sub_agents: optional(limit, "Trips where an attempt has more sub-agents than this. 0: off. Without it: 50"),
  context_growth: optional(
    limit,
    "Trips where a turn has become so many times dearer within twelve turns. 0: off. Without it: 4",
  ),
});
