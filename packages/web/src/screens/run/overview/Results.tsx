import type { RunState } from "@claude-orchestrator/domain";
import { useState } from "react";
import { Button } from "../../../kit/Button.tsx";
import { Card } from "../../../kit/Card.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import styles from "./Overview.module.css";

const mostAtOnce = 20;
const longestShown = 20_000;

/** What each instance answered in the end: folded, as text. */
export function Results({ state }: { readonly state: RunState }) {
  const [isWhole, setWhole] = useState(false);
  const results = [...state.instances.values()].flatMap(({ name, attempts }) => {
    const result = attempts.at(-1)?.end?.result ?? "";
    return result.trim() === "" ? [] : [{ name, result }];
  });
  if (results.length === 0) return null;
  const shown = isWhole ? results : results.slice(0, mostAtOnce);
  return (
    <Card title="Results" aside={<span>{results.length}</span>} flush>
      <ul className={styles.results}>
        {shown.map(({ name, result }) => (
          <li key={name}>
            <Result name={name} result={result} />
          </li>
        ))}
      </ul>
      {shown.length === results.length ? null : (
        <p className={styles.more}>
          <Button onClick={() => setWhole(true)}>{`Show ${results.length - shown.length} more`}</Button>
        </p>
      )}
    </Card>
  );
}

function Result({ name, result }: { readonly name: string; readonly result: string }) {
  const [firstLine = ""] = result.trim().split("\n");
  return (
    <details className={styles.result}>
      <summary>
        <span className={styles.name}>{name}</span>
        <span>{firstLine.slice(0, 160)}</span>
      </summary>
      <pre className={styles.lines}>{result.slice(0, longestShown)}</pre>
      {result.length > longestShown ? <p className={styles.note}>The rest is in the log, or copy it whole.</p> : null}
      <CopyButton text={result} what="result" />
    </details>
  );
}
