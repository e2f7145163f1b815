import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import { useState } from "react";
import { Link } from "wouter";
import { standingOf } from "../../../data/totals.ts";
import { useAddress } from "../../../data/useAddress.ts";
import { Button } from "../../../kit/Button.tsx";
import { Card } from "../../../kit/Card.tsx";
import { StateMark } from "../../../kit/StateMark.tsx";
import { InstanceActions } from "./InstanceActions.tsx";
import styles from "./Overview.module.css";
import { OpenAtLine } from "./OpenAtLine.tsx";

const mostAtOnce = 5;

/** What did not succeed, with its cause first: the reason, what it printed last, and the way to that line. */
export function Failures({ id, state }: { readonly id: string; readonly state: RunState }) {
  const [isWhole, setWhole] = useState(false);
  const failed = [...state.instances.values()].filter(
    ({ phase }) => phase.status === "settled" && !["succeeded", "skipped", "stopped"].includes(phase.verdict),
  );
  if (failed.length === 0) return null;
  const shown = isWhole ? failed : failed.slice(0, mostAtOnce);
  return (
    <Card title="What failed" aside={<span>{failed.length}</span>} flush>
      <ul className={styles.failures}>
        {shown.map((instance) => (
          <Failure key={instance.name} id={id} instance={instance} />
        ))}
      </ul>
      {shown.length === failed.length ? null : (
        <p className={styles.more}>
          <Button onClick={() => setWhole(true)}>{`Show ${failed.length - shown.length} more`}</Button>
        </p>
      )}
    </Card>
  );
}

function Failure({ id, instance }: { readonly id: string; readonly instance: InstanceState }) {
  const { href } = useAddress();
  const { phase, name } = instance;
  const attempt = instance.attempts.at(-1);
  const lines = attempt?.end?.lastLines ?? [];
  const broken = attempt?.checks.filter(({ ok }) => !ok) ?? [];
  return (
    <li>
      <p className={styles.head}>
        <StateMark state={standingOf(instance)} />
        <Link className={styles.name} href={href({ tab: "log", instance: name, attempt: undefined, line: undefined })}>
          {name}
        </Link>
        {attempt === undefined ? null : <span className={styles.note}>attempt {attempt.number}</span>}
      </p>
      <p className={styles.reason}>{phase.status === "settled" ? phase.reason : ""}</p>
      {broken.map(({ check, detail }) => (
        <p key={check} className={styles.reason}>
          Check “{check}”: {detail}
        </p>
      ))}
      {lines.length === 0 ? null : (
        <pre className={styles.lines} tabIndex={0} role="region" aria-label={`The last lines of ${name}`}>
          {lines.join("\n")}
        </pre>
      )}
      <div className={styles.head}>
        {attempt === undefined ? null : (
          <OpenAtLine id={id} instance={name} attempt={attempt.number} text={lines.at(-1) ?? ""} />
        )}
        <InstanceActions id={id} instance={instance} />
      </div>
    </li>
  );
}
