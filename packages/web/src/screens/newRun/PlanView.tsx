import { limitWords, levelsOf } from "./planDocument.ts";
import type { Level, PlanDocument } from "./planDocument.ts";
import styles from "./PlanView.module.css";

/** What is seen of one level; what is more is counted. */
const mostInLevel = 60;

/** What a run would do: who works when, on what, within which bounds. */
export function PlanView({ document }: { readonly document: PlanDocument }) {
  const { plan } = document;
  const levels = levelsOf(document);
  const count = plan.instances.length;
  return (
    <div className={styles.plan}>
      <dl className={styles.facts}>
        <Fact name="Run">{plan.name}</Fact>
        <Fact name="Instances">
          {count}, at most {plan.concurrency} at once
        </Fact>
        <Fact name="Folder">
          <code>{plan.workspace}</code>
        </Fact>
        <Fact name="Budget">
          {plan.limits.length === 0 ? "none: nothing stops what it spends" : null}
          {plan.limits.map((limit) => (
            <span key={limitWords(limit)} className={styles.limit}>
              {limitWords(limit)}
            </span>
          ))}
        </Fact>
      </dl>
      {plan.notices.map((notice) => (
        <p key={notice}>{notice}</p>
      ))}
      <ol className={styles.levels} aria-label="In the order they can begin">
        {levels.map((level) => (
          <LevelView key={level.number} level={level} />
        ))}
      </ol>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function LevelView({ level: { number, instances } }: { readonly level: Level }) {
  return (
    <li className={styles.level}>
      <h3>{number === 1 ? "At once" : `Step ${number}`}</h3>
      <ul>
        {instances.slice(0, mostInLevel).map(({ name, who, what, after, bounds }) => (
          <li key={name} className={styles.instance}>
            <p className={styles.name}>
              <strong>{name}</strong> <span className={styles.who}>{who}</span>
            </p>
            <p className={styles.what}>{what}</p>
            {after === "" ? null : <p className={styles.after}>{after}</p>}
            {bounds.length === 0 ? null : <p className={styles.after}>{bounds.join(", ")}</p>}
          </li>
        ))}
      </ul>
      {instances.length > mostInLevel ? <p>and {instances.length - mostInLevel} more</p> : null}
    </li>
  );
}
