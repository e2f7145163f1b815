import type { SampleRuns } from "./sampleRuns.ts";

/** A screen by its address, and the words by which one sees that it is there. */
export interface ScreenAddress {
  readonly name: string;
  readonly path: string;
}

const places = ["runs", "inbox", "new", "schedules", "costs", "agents", "system"];
const tabs = ["overview", "timeline", "graph", "log", "transcript", "changes", "cost", "events"];

/** Those that need no run. */
export const plainScreens: readonly ScreenAddress[] = [
  { name: "now", path: "/" },
  ...places.map((name) => ({ name, path: `/${name}` })),
];

/** Every screen there is, each tab of a run on the run that has most to show there. */
export function allScreens({ review, release, patch }: SampleRuns): readonly ScreenAddress[] {
  const best: Readonly<Record<string, string>> = { transcript: review, cost: review, changes: patch };
  return [
    ...plainScreens,
    { name: "compare", path: `/compare?a=${review}&b=${release}` },
    ...tabs.map((tab) => ({ name: `run-${tab}`, path: `/runs/${best[tab] ?? release}?tab=${tab}` })),
  ];
}
