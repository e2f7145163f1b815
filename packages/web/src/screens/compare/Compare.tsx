import { formatTokens } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { ArrowLeftRight } from "lucide-react";
import { Link, useLocation } from "wouter";
import { NotLive } from "../../app/NotLive.tsx";
import { Page } from "../../app/Page.tsx";
import { useRun, useRunList } from "../../data/LiveProvider.tsx";
import type { FoldedRun } from "../../data/runFold.ts";
import { runStanding, totalsOf } from "../../data/totals.ts";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { Choice } from "../../kit/Field.tsx";
import { shortly } from "../../kit/Lasting.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { Money } from "../../kit/Money.tsx";
import { Empty, ErrorNote, Loading } from "../../kit/Notes.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import styles from "./Compare.module.css";
import { compareRuns, planDifferences } from "./compareRuns.ts";
import { ComparedRows } from "./ComparedRows.tsx";

/** Two runs side by side: what the second did otherwise, in words. */
export function Compare() {
  const [a] = useParam("a");
  const [b] = useParam("b");
  const [, navigate] = useLocation();
  const choose = (nextA: string, nextB: string): void => {
    navigate(`/compare?${new URLSearchParams({ a: nextA, b: nextB }).toString()}`, { replace: true });
  };
  const actions = (
    <Button icon={<ArrowLeftRight />} disabled={a === "" || b === ""} onClick={() => choose(b, a)}>
      The other way round
    </Button>
  );
  return (
    <Page title="Compare two runs" actions={actions} crumbs={<Link href="/runs">Runs</Link>}>
      <NotLive />
      <div className={styles.choices}>
        <RunChoice label="First run" run={a} onChoose={(run) => choose(run, b)} />
        <RunChoice label="Second run" run={b} onChoose={(run) => choose(a, run)} />
      </div>
      {a === "" || b === "" ? <Empty title="Choose two runs above, or select two in the list of runs." /> : null}
      {a !== "" && b !== "" ? <Compared a={a} b={b} /> : null}
    </Page>
  );
}

/** Older ones are compared by their address, or selected in the list of runs. */
const mostChoices = 200;

interface RunChoiceProps {
  readonly label: string;
  readonly run: string;
  readonly onChoose: (run: string) => void;
}

function RunChoice({ label, run, onChoose }: RunChoiceProps) {
  const runs = (useRunList() ?? []).slice(0, mostChoices);
  const known = runs.map((each) => [each.run, `${each.name ?? ""} ${each.run}`.trim()] as const);
  const own = run === "" || known.some(([id]) => id === run) ? [] : [[run, run] as const];
  return <Choice label={label} value={run} onValue={onChoose} choices={[["", "none"], ...own, ...known]} />;
}

function Compared({ a, b }: { readonly a: string; readonly b: string }) {
  const foldA = useRun(a);
  const foldB = useRun(b);
  const lost = [foldA, foldB].find((fold) => fold.lost !== undefined && fold.state === undefined);
  if (lost !== undefined) return <ErrorNote title="One of them cannot be read" error={lost.lost} />;
  const isHere = (fold: FoldedRun): boolean => fold.state !== undefined && fold.isLive;
  if (foldA.state === undefined || foldB.state === undefined || !isHere(foldA) || !isHere(foldB)) {
    return <Loading what="Both runs" rows={8} />;
  }
  return <Both a={foldA.state} b={foldB.state} />;
}

function Both({ a, b }: { readonly a: RunState; readonly b: RunState }) {
  const rows = compareRuns(a, b);
  const differing = rows.filter(({ differences, changes }) => differences.length + changes.length > 0).length;
  const plan = planDifferences(a, b);
  return (
    <>
      <div className={styles.heads}>
        <Head title="First" state={a} />
        <Head title="Second" state={b} />
      </div>
      {plan.length === 0 ? null : (
        <Card title="The plans differ">
          <ul>
            {plan.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Card>
      )}
      <Card
        title="Instances"
        flush
        aside={<span>{differing === 0 ? "none differs" : `${differing} of ${rows.length} differ`}</span>}
      >
        <ComparedRows rows={rows} />
      </Card>
    </>
  );
}

function Head({ title, state }: { readonly title: string; readonly state: RunState }) {
  const { id, plan, phase, createdAt } = state;
  const { tokens, cost, isBound } = totalsOf(state);
  return (
    <Card title={title} aside={<StateMark state={runStanding(state)} />}>
      <p className={styles.name}>
        <Link href={`/runs/${id}`}>{plan.name}</Link> <code>{id}</code>
      </p>
      <p className={styles.figures}>
        <Moment at={createdAt} />
        {phase.status === "settled" ? <span>{shortly(phase.durationMs)}</span> : null}
        <Money usd={cost} isBound={isBound} />
        <span>{formatTokens(tokens)} tokens</span>
      </p>
    </Card>
  );
}
