import { formatTokens } from "@claude-orchestrator/domain";
import { Download } from "lucide-react";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { NotLive } from "../../app/NotLive.tsx";
import { Page } from "../../app/Page.tsx";
import { useRunList, useRuns } from "../../data/LiveProvider.tsx";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { Choice } from "../../kit/Field.tsx";
import { Money } from "../../kit/Money.tsx";
import { Empty, Loading } from "../../kit/Notes.tsx";
import { Bars } from "./Bars.tsx";
import styles from "./Costs.module.css";
import { downloadText } from "./downloadText.ts";
import { barsByDay, csvOf, dimensions, spendingsOf, sumOf, sumsBy } from "./spendings.ts";
import type { Dimension, SpendingRow } from "./spendings.ts";
import { SumTable } from "./SumTable.tsx";

/** The stream tells at most a hundred runs at once; other screens may want some as well. */
const mostRuns = 80;
const dayMs = 86_400_000;

const ranges = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
] as const;

const dimensionWords: Readonly<Record<Dimension, string>> = {
  model: "model",
  agent: "agent",
  instance: "instance",
  command: "slash command",
  run: "run",
};

/** What was spent, on what, and what of it went into work that did not succeed. */
export function Costs() {
  const [daysText, setDays] = useParam("days", "30");
  const [byText, setBy] = useParam("by", "model");
  const by = dimensions.find((each) => each === byText) ?? "model";
  const days = Number(ranges.find(([each]) => each === daysText)?.[0] ?? 30);
  const { rows, covered, inRange, isComplete } = useSpendings(days);
  const actions = (
    <Button icon={<Download />} disabled={rows.length === 0} onClick={() => downloadText("costs.csv", csvOf(rows))}>
      Download CSV
    </Button>
  );
  return (
    <Page title="Costs" actions={actions}>
      <NotLive />
      <div className={styles.choices}>
        <Choice label="Over" value={String(days)} onValue={setDays} choices={ranges} />
        <Choice
          label="By"
          value={by}
          onValue={setBy}
          choices={dimensions.map((each) => [each, dimensionWords[each]])}
        />
      </div>
      <p className={styles.covered} role="status">
        {coverWords({ covered, inRange, isComplete })}
      </p>
      {inRange === undefined ? <Loading what="The costs" /> : null}
      {inRange !== undefined && isComplete && rows.length === 0 ? (
        <Card title="Nothing was spent" flush>
          <Empty title="No agent spent anything in this time. Commands of your own cost nothing." />
        </Card>
      ) : null}
      {rows.length === 0 ? null : <Figures rows={rows} by={by} days={days} />}
    </Page>
  );
}

interface Spendings {
  readonly rows: readonly SpendingRow[];
  /** How many runs the figures are of. */
  readonly covered: number;
  /** How many began in the time; undefined before the list is known. */
  readonly inRange: number | undefined;
  /** False while their events still come. */
  readonly isComplete: boolean;
}

function useSpendings(days: number): Spendings {
  const list = useRunList();
  const ids = useMemo(() => {
    const from = Date.now() - days * dayMs;
    return list?.filter(({ created_at }) => Date.parse(created_at ?? "") >= from).map(({ run }) => run);
  }, [list, days]);
  const wanted = (ids ?? []).slice(0, mostRuns);
  const folded = useRuns(wanted);
  const states = wanted.flatMap((run) => folded.get(run)?.state ?? []);
  const isComplete = wanted.every((run) => folded.get(run)?.isLive === true || folded.get(run)?.lost !== undefined);
  return { rows: states.flatMap(spendingsOf), covered: states.length, inRange: ids?.length, isComplete };
}

function coverWords({ covered, inRange, isComplete }: Omit<Spendings, "rows">): string {
  if (inRange === undefined) return "";
  if (inRange === 0) return "No run began in this time";
  if (!isComplete) return `${covered} of ${Math.min(inRange, mostRuns)} runs are read`;
  if (covered < inRange)
    return `The newest ${covered} of the ${inRange} runs that began in this time: older ones are not in these figures`;
  return covered === 1 ? "The one run that began in this time" : `All ${covered} runs that began in this time`;
}

interface FiguresProps {
  readonly rows: readonly SpendingRow[];
  readonly by: Dimension;
  readonly days: number;
}

function Figures({ rows, by, days }: FiguresProps) {
  const total = sumOf("all", rows);
  const { series, bars } = barsByDay(rows, by, { now: Date.now(), days, dayOf: localDay });
  const share = total.cost === 0 ? 0 : Math.round((100 * total.failedCost) / total.cost);
  return (
    <>
      <dl className={styles.figures}>
        <Figure name="Spent">
          <Money usd={total.cost} isBound={total.isBound} />
        </Figure>
        <Figure name="Tokens">{formatTokens(total.tokens)}</Figure>
        <Figure name="On what did not succeed">
          <Money usd={total.failedCost} /> ({share} %)
        </Figure>
      </dl>
      <Card title="By day">
        <Bars series={series} bars={bars} />
      </Card>
      <Card title={`By ${dimensionWords[by]}`} flush>
        <SumTable caption={dimensionWords[by]} sums={sumsBy(rows, by)} />
      </Card>
      {by === "run" ? null : (
        <Card title="Dearest runs" flush aside={<Link href="/runs">All runs</Link>}>
          <SumTable caption="run" sums={sumsBy(rows, "run").slice(0, 20)} isRun />
        </Card>
      )}
      <Card title="By day, as a table" flush>
        <SumTable caption="day" sums={daySums(rows)} />
      </Card>
    </>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function daySums(rows: readonly SpendingRow[]) {
  const byDay = Map.groupBy(rows, ({ at }) => localDay(at));
  return [...byDay].toSorted(([a], [b]) => b.localeCompare(a)).map(([day, ofDay]) => sumOf(day, ofDay));
}

/** The day it was where one sits. */
function localDay(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
