import { lazy } from "react";
import type { ComponentType } from "react";

interface Screen {
  readonly path: string;
  readonly screen: ComponentType;
}

/** Each screen is read when it is first gone to; a screen reads what the address says by itself. */
export const screens: readonly Screen[] = [
  { path: "/", screen: lazy(() => import("../screens/now/Now.tsx").then(({ Now }) => ({ default: Now }))) },
  { path: "/runs", screen: lazy(() => import("../screens/runs/Runs.tsx").then(({ Runs }) => ({ default: Runs }))) },
  {
    path: "/compare",
    screen: lazy(() => import("../screens/compare/Compare.tsx").then(({ Compare }) => ({ default: Compare }))),
  },
  { path: "/runs/:run", screen: lazy(() => import("../screens/run/Run.tsx").then(({ Run }) => ({ default: Run }))) },
  {
    path: "/inbox",
    screen: lazy(() => import("../screens/inbox/Inbox.tsx").then(({ Inbox }) => ({ default: Inbox }))),
  },
  {
    path: "/new",
    screen: lazy(() => import("../screens/newRun/NewRun.tsx").then(({ NewRun }) => ({ default: NewRun }))),
  },
  {
    path: "/schedules",
    screen: lazy(() => import("../screens/schedules/Schedules.tsx").then(({ Schedules }) => ({ default: Schedules }))),
  },
  {
    path: "/costs",
    screen: lazy(() => import("../screens/costs/Costs.tsx").then(({ Costs }) => ({ default: Costs }))),
  },
  {
    path: "/agents",
    screen: lazy(() => import("../screens/agents/Agents.tsx").then(({ Agents }) => ({ default: Agents }))),
  },
  {
    path: "/system",
    screen: lazy(() => import("../screens/system/System.tsx").then(({ System }) => ({ default: System }))),
  },
];
