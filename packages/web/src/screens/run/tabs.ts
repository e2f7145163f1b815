import type { RunState } from "@claude-orchestrator/domain";
import { later } from "../../app/later.tsx";
import type { Later } from "../../app/later.tsx";
import type { FoldedRun } from "../../data/runFold.ts";

/** What every tab of a run is given; which instance, attempt or line it shows it reads from the address (`useParam`). */
export interface TabProps {
  /** The run's whole id. */
  readonly id: string;
  readonly folded: FoldedRun;
  readonly state: RunState;
}

interface RunTab {
  readonly name: string;
  readonly title: string;
  readonly tab: Later<TabProps>;
}

export const runTabs: readonly RunTab[] = [
  {
    name: "overview",
    title: "Overview",
    tab: later("Overview", () => import("./overview/Overview.tsx").then(({ Overview }) => ({ default: Overview }))),
  },
  {
    name: "timeline",
    title: "Timeline",
    tab: later("Timeline", () => import("./timeline/Timeline.tsx").then(({ Timeline }) => ({ default: Timeline }))),
  },
  {
    name: "graph",
    title: "Graph",
    tab: later("Graph", () => import("./graph/Graph.tsx").then(({ Graph }) => ({ default: Graph }))),
  },
  { name: "log", title: "Log", tab: later("Log", () => import("./log/Log.tsx").then(({ Log }) => ({ default: Log }))) },
  {
    name: "transcript",
    title: "Transcript",
    tab: later("Transcript", () =>
      import("./transcript/Transcript.tsx").then(({ Transcript }) => ({ default: Transcript })),
    ),
  },
  {
    name: "changes",
    title: "Changes",
    tab: later("Changes", () => import("./changes/Changes.tsx").then(({ Changes }) => ({ default: Changes }))),
  },
  {
    name: "cost",
    title: "Cost",
    tab: later("Cost", () => import("./cost/Cost.tsx").then(({ Cost }) => ({ default: Cost }))),
  },
  {
    name: "events",
    title: "Events",
    tab: later("Events", () => import("./events/Events.tsx").then(({ Events }) => ({ default: Events }))),
  },
];
