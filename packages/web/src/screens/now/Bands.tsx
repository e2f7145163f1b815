import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { Link } from "wouter";
import { useRuns } from "../../data/LiveProvider.tsx";
import { usePutAway, waiting } from "../../data/putAway.ts";
import { Card } from "../../kit/Card.tsx";
import { Empty } from "../../kit/Notes.tsx";
import { DayStrip } from "./DayStrip.tsx";
import { FinishedRuns } from "./FinishedRuns.tsx";
import { NeedsYou } from "./NeedsYou.tsx";
import { RunningRuns } from "./RunningRuns.tsx";

/** What is seen of each band; the rest is one click away. */
const mostInBand = 8;

export function Bands({ runs }: { readonly runs: readonly RunSummaryDocument[] }) {
  const needing = waiting(runs, usePutAway()).slice(0, mostInBand);
  const running = runs.filter(({ status }) => status === "running");
  const finished = runs.filter(({ ended_at }) => ended_at !== null).slice(0, mostInBand);
  const folded = useRuns([...running, ...needing, ...finished].map(({ run }) => run));
  return (
    <>
      <DayStrip runs={runs} />
      <Card title="Needs you" flush aside={needing.length === 0 ? null : <Link href="/inbox">Inbox</Link>}>
        {needing.length === 0 ? (
          <Empty title={nothingWaits(running.length)} />
        ) : (
          <NeedsYou runs={needing} folded={folded} />
        )}
      </Card>
      <Card title="Running" flush aside={<Link href="/runs?status=running">All that run</Link>}>
        {running.length === 0 ? <Empty title="Nothing runs now." /> : <RunningRuns runs={running} folded={folded} />}
      </Card>
      <Card title="Recently finished" flush aside={<Link href="/runs">All runs</Link>}>
        {finished.length === 0 ? (
          <Empty title="No run has come to its end yet." />
        ) : (
          <FinishedRuns runs={finished} folded={folded} />
        )}
      </Card>
    </>
  );
}

function nothingWaits(running: number): string {
  if (running === 0) return "Nothing waits for you.";
  return `Nothing waits for you. ${running === 1 ? "One run is" : `${running} runs are`} working.`;
}
