import { later } from "./later.ts";
import type { Later } from "./later.ts";

interface Screen {
  readonly path: string;
  readonly screen: Later<object>;
}

/** Each screen is read when it is first gone to; a screen reads what the address says by itself. */
export const screens: readonly Screen[] = [
  { path: "/", screen: later(() => import("../screens/now/Now.tsx").then(({ Now }) => ({ default: Now }))) },
  { path: "/runs", screen: later(() => import("../screens/runs/Runs.tsx").then(({ Runs }) => ({ default: Runs }))) },
  {
    path: "/compare",
    screen: later(() => import("../screens/compare/Compare.tsx").then(({ Compare }) => ({ default: Compare }))),
  },
  { path: "/runs/:run", screen: later(() => import("../screens/run/Run.tsx").then(({ Run }) => ({ default: Run }))) },
  {
    path: "/inbox",
    screen: later(() => import("../screens/inbox/Inbox.tsx").then(({ Inbox }) => ({ default: Inbox }))),
  },
  {
    path: "/new",
    screen: later(() => import("../screens/newRun/NewRun.tsx").then(({ NewRun }) => ({ default: NewRun }))),
  },
  {
    path: "/schedules",
    screen: later(() => import("../screens/schedules/Schedules.tsx").then(({ Schedules }) => ({ default: Schedules }))),
  },
  {
    path: "/costs",
    screen: later(() => import("../screens/costs/Costs.tsx").then(({ Costs }) => ({ default: Costs }))),
  },
  {
    path: "/agents",
    screen: later(() => import("../screens/agents/Agents.tsx").then(({ Agents }) => ({ default: Agents }))),
  },
  {
    path: "/system",
    screen: later(() => import("../screens/system/System.tsx").then(({ System }) => ({ default: System }))),
  },
];
