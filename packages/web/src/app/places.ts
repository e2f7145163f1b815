import { Bot, CalendarClock, CircleDollarSign, Gauge, Inbox, ListTree, Plus, Wrench } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { globalKeys } from "../keys/bindings.ts";

/** The places one can go to from anywhere. */
export interface Place {
  readonly path: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly keys: string;
}

export const places: readonly Place[] = [
  { path: "/", title: "Now", icon: Gauge, keys: globalKeys.now.keys },
  { path: "/runs", title: "Runs", icon: ListTree, keys: globalKeys.runs.keys },
  { path: "/inbox", title: "Inbox", icon: Inbox, keys: globalKeys.inbox.keys },
  { path: "/new", title: "New run", icon: Plus, keys: globalKeys.newRun.keys },
  { path: "/schedules", title: "Schedules", icon: CalendarClock, keys: globalKeys.schedules.keys },
  { path: "/costs", title: "Costs", icon: CircleDollarSign, keys: globalKeys.costs.keys },
  { path: "/agents", title: "Agents", icon: Bot, keys: globalKeys.agents.keys },
  { path: "/system", title: "System", icon: Wrench, keys: globalKeys.system.keys },
];
