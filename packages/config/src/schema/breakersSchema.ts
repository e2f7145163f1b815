import * as z from "zod/mini";
import { objectOf, optional } from "./fields.ts";

const words = "a whole number from 0 on";
const limit = z.int(words).check(z.gte(0, words));

const timesWords = "0, or a number above 1";
/** A turn that is as dear as the one before, or cheaper, is no growth. */
const times = z.number(timesWords).check(
  z.gte(0, timesWords),
  z.refine((value) => value <= 0 || value > 1, timesWords),
);

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
    times,
    "Trips where a turn has become so many times dearer within twelve turns. 0: off. Without it: 4",
  ),
});

export const breakersSettingSchema = z.union([z.enum(["off"]), breakersSchema], "off, or an object");
