import { formatDuration, formatTokens } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import { Card } from "../../kit/Card.tsx";
import { inDollars, Money } from "../../kit/Money.tsx";
import { Moment } from "../../kit/Moment.tsx";
import styles from "./Costs.module.css";
import type { DearRequest, RequestsDocument } from "./usageDocument.ts";

/** The dearest requests one by one; only those through the gateway are known so. Nothing where there is none. */
export function DearRequests({ requests, seen }: Pick<RequestsDocument, "requests" | "seen">) {
  if (requests.length === 0) return null;
  const shown = requests.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  return (
    <Card title="Dearest requests" flush>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label="Dearest requests">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Instance</th>
              <th scope="col">Spent</th>
              <th scope="col">Model</th>
              <th scope="col">Tokens</th>
              <th scope="col">Took</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {requests.map((each) => (
              <RequestRow key={`${each.run} ${each.instance} ${each.attempt} ${each.request}`} each={each} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.more}>
        {inDollars(shown)} of {inDollars(seen.cost_usd)} in {seen.requests.toLocaleString("en")} requests through the
        gateway. What did not go through it is known by attempts only.
        {seen.unpriced === 0 ? "" : ` ${seen.unpriced.toLocaleString("en")} without a known price have no place here.`}
      </p>
    </Card>
  );
}

function RequestRow({ each }: { readonly each: DearRequest }) {
  const { run, run_name, instance, model, settled_at, duration_ms, tokens, cost_usd } = each;
  return (
    <tr>
      <th scope="row">
        <Link href={`/runs/${run}?tab=transcript&instance=${encodeURIComponent(instance)}`}>
          {run_name}: {instance}
        </Link>
      </th>
      <td>
        <Money usd={cost_usd} />
      </td>
      <td>{model ?? "unknown"}</td>
      <td>{formatTokens(tokens.total)}</td>
      <td>{formatDuration(duration_ms)}</td>
      <td>
        <Moment at={Date.parse(settled_at)} />
      </td>
    </tr>
  );
}
