import { later } from "./later.tsx";
import type { Later } from "./later.tsx";

interface Screen {
  readonly path: string;
  readonly screen: Later<object>;
}

/** Each screen is read when it is first gone to; a screen reads what the address says by itself. */
export const screens: readonly Screen[] = [
  {
    path: "/",
    screen: later("The page", () => import("../screens/now/Now.tsx").then(({ Now }) => ({ default: Now }))),
  },
  {
    path: "/runs",
    screen: later("The page", () => import("../screens/runs/Runs.tsx").then(({ Runs }) => ({ default: Runs }))),
  },
  {
    path: "/compare",
    screen: later("The page", () =>
      import("../screens/compare/Compare.tsx").then(({ Compare }) => ({ default: Compare })),
    ),
  },
  {
    path: "/runs/:run",
    screen: later("The page", () => import("../screens/run/Run.tsx").then(({ Run }) => ({ default: Run }))),
  },
  {
    path: "/inbox",
    screen: later("The page", () => import("../screens/inbox/Inbox.tsx").then(({ Inbox }) => ({ default: Inbox }))),
  },
  {
    path: "/new",
    screen: later("The page", () => import("../screens/newRun/NewRun.tsx").then(({ NewRun }) => ({ default: NewRun }))),
  },
  {
    path: "/schedules",
    screen: later("The page", () =>
      import("../screens/schedules/Schedules.tsx").then(({ Schedules }) => ({ default: Schedules })),
    ),
  },
  {
    path: "/costs",
    screen: later("The page", () => import("../screens/costs/Costs.tsx").then(({ Costs }) => ({ default: Costs }))),
  },
  {
    path: "/agents",
    screen: later("The page", () => import("../screens/agents/Agents.tsx").then(({ Agents }) => ({ default: Agents }))),
  },
  {
    path: "/system",
    screen: later("The page", () => import("../screens/system/System.tsx").then(({ System }) => ({ default: System }))),
  },
];
