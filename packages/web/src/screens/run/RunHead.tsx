import { formatTokens } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import type { FoldedRun } from "../../data/runFold.ts";
import { countStandings, runStanding, totalsOf } from "../../data/totals.ts";
import { CopyButton } from "../../kit/Copy.tsx";
import { Lasting } from "../../kit/Lasting.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { Money } from "../../kit/Money.tsx";
import { Progress } from "../../kit/Progress.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import { runSentence } from "./runSentence.ts";
import styles from "./RunHead.module.css";

export interface RunHeadProps {
  readonly id: string;
  readonly folded: FoldedRun;
  readonly state: RunState;
}

/** Where the run stands, in a sentence with its cause first, and the figures one looks for. */
export function RunHead({ id, folded, state }: RunHeadProps) {
  const totals = totalsOf(state);
  const { phase, createdAt } = state;
  return (
    <div className={styles.head}>
      <p className={styles.sentence}>
        <StateMark state={runStanding(state)} />
        <span>{runSentence(state)}</span>
      </p>
      {state.demo === undefined ? null : <p className={styles.note}>{state.demo}</p>}
      {folded.lost === undefined ? null : <p role="alert">{folded.lost}</p>}
      <dl className={styles.figures}>
        <div>
          <dt>Instances</dt>
          <dd>
            <Progress counts={countStandings(state)} label="Instances" />
          </dd>
        </div>
        <div>
          <dt>Begun</dt>
          <dd>
            <Moment at={createdAt} />
          </dd>
        </div>
        <div>
          <dt>{phase.status === "settled" ? "Lasted" : "Lasts"}</dt>
          <dd>
            <Lasting since={createdAt} until={phase.status === "settled" ? phase.at : undefined} />
          </dd>
        </div>
        <div>
          <dt>Spent</dt>
          <dd>
            <Money usd={totals.cost} isBound={totals.isBound} />
          </dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>{formatTokens(totals.tokens)}</dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd className={styles.id}>
            <code>{id}</code>
            <CopyButton text={id} what="the run’s id" />
          </dd>
        </div>
      </dl>
    </div>
  );
}
