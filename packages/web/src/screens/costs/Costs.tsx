import { formatTokens } from "@claude-orchestrator/domain";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { NotLive } from "../../app/NotLive.tsx";
import { Page } from "../../app/Page.tsx";
import { useAddress } from "../../data/useAddress.ts";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { DayRange } from "../../kit/DayRange.tsx";
import { Choice } from "../../kit/Field.tsx";
import { Money } from "../../kit/Money.tsx";
import { Empty, ErrorNote, Loading } from "../../kit/Notes.tsx";
import { useClock } from "../../settings/SettingsProvider.tsx";
import { ByDay } from "./ByDay.tsx";
import styles from "./Costs.module.css";
import { periodOf, ranges } from "./dayBars.ts";
import type { Period } from "./dayBars.ts";
import { DearRequests } from "./DearRequests.tsx";
import { downloadText } from "./downloadText.ts";
import { Spent, SumTable } from "./SumTable.tsx";
import { csvOf, dimensions, gapsOf } from "./usageDocument.ts";
import type { Dimension, UsageDocument } from "./usageDocument.ts";
import { useUsage } from "./useUsage.ts";
import type { Usage } from "./useUsage.ts";

const rangeWords: Readonly<Record<(typeof ranges)[number], string>> = {
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  all: "everything",
};

const dimensionWords: Readonly<Record<Dimension, string>> = {
  model: "model",
  agent: "agent",
  instance: "instance",
  command: "slash command",
};

/** What all runs spent, on what, and what of it went into work that did not succeed; what is not in the figures is said. */
export function Costs() {
  const [since] = useParam("since", "30d");
  const [until] = useParam("until");
  const [byText] = useParam("by", "model");
  const [demo] = useParam("demo");
  const by = dimensions.find((each) => each === byText) ?? "model";
  const { dayOf } = useClock();
  const period = periodOf(since, until, dayOf(Date.now()));
  const usage = useUsage(period, by, demo === "yes");
  const rows = usage.sums?.rows ?? [];
  const actions = (
    <Button
      icon={<Download />}
      disabled={rows.length === 0}
      onClick={() => downloadText(`costs-by-${by}.csv`, csvOf(by, rows))}
    >
      CSV by {dimensionWords[by]}
    </Button>
  );
  return (
    <Page title="Costs" actions={actions}>
      <NotLive />
      <Choices by={by} since={since} period={period} withDemo={demo === "yes"} />
      {usage.error === null ? null : (
        <ErrorNote title="The costs cannot be added up" error={usage.error} retry={usage.retry} />
      )}
      {usage.days === undefined && usage.error === null ? <Loading what="The costs" rows={8} /> : null}
      {usage.days === undefined ? null : <Answered days={usage.days} usage={usage} by={by} period={period} />}
    </Page>
  );
}

interface AnsweredProps {
  readonly days: UsageDocument;
  readonly usage: Usage;
  readonly by: Dimension;
  readonly period: Period;
}

function Answered({ days, usage: { sums, dearest }, by, period }: AnsweredProps) {
  const isEmpty = days.rows.length === 0;
  return (
    <>
      <Gaps document={days} />
      {isEmpty ? (
        <Card title="Nothing was spent" flush>
          <Empty title="No agent spent anything in this time. Commands of your own cost nothing." />
        </Card>
      ) : (
        <>
          <Figures days={days} />
          <ByDay rows={days.rows} period={period} />
        </>
      )}
      {sums === undefined || sums.rows.length === 0 ? null : (
        <Card title={`By ${dimensionWords[by]}`} flush>
          <SumTable caption={dimensionWords[by]} rows={sums.rows} />
        </Card>
      )}
      {dearest === undefined ? null : <DearRequests {...dearest} />}
    </>
  );
}

interface ChoicesProps {
  readonly by: Dimension;
  readonly since: string;
  readonly period: Period;
  readonly withDemo: boolean;
}

function Choices({ by, since, period, withDemo }: ChoicesProps) {
  const { go } = useAddress();
  const isNamed = ranges.some((each) => each === since) && period.to === undefined;
  return (
    <div className={styles.choices}>
      <DayRange
        label="Over"
        presets={ranges.map((each) => [each, rangeWords[each]] as const)}
        preset={isNamed ? since : "days"}
        from={period.from ?? ""}
        to={period.to ?? ""}
        onPreset={(range) => go({ since: range, until: undefined })}
        onFrom={(day) => go({ since: day === "" ? "all" : day })}
        onTo={(day) => go({ until: day, since: period.from ?? "all" })}
      />
      <Choice
        label="By"
        value={by}
        onValue={(next) => go({ by: next })}
        choices={dimensions.map((each) => [each, dimensionWords[each]])}
      />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={withDemo}
          onChange={({ target }) => go({ demo: target.checked ? "yes" : undefined })}
        />
        Demo runs as well
      </label>
    </div>
  );
}

function Gaps({ document }: { readonly document: UsageDocument }) {
  const gaps = gapsOf(document);
  const { skipped, total } = document;
  return (
    <div className={styles.covered}>
      <p role="status">
        {total.runs === 1 ? "The one run" : `All ${total.runs.toLocaleString("en")} runs`} that spent something in this
        time
        {gaps.length === 0 ? "" : ", but:"}
      </p>
      {gaps.length === 0 ? null : (
        <ul className={styles.gaps}>
          {gaps.map((gap) => (
            <li key={gap}>{gap}</li>
          ))}
        </ul>
      )}
      {skipped.length === 0 ? null : (
        <details>
          <summary>Which cannot be read, and why</summary>
          <ul className={styles.gaps}>
            {skipped.map(({ run, why }) => (
              <li key={run}>
                <code>{run}</code>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Figures({ days: { total } }: { readonly days: UsageDocument }) {
  const { cost_usd: cost, failed_cost_usd: failed, cache_saved_usd: saved } = total;
  const share = cost === 0 ? 0 : Math.round((100 * failed) / cost);
  return (
    <dl className={styles.figures}>
      <Figure name="Spent">
        <Spent row={total} />
      </Figure>
      <Figure name="Tokens">{formatTokens(total.tokens.total)}</Figure>
      <Figure name="On what did not succeed">
        <Money usd={failed} /> ({share} %)
      </Figure>
      {saved > 0 ? (
        <Figure name="Saved by caches, by list prices">
          <Money usd={saved} />
        </Figure>
      ) : null}
    </dl>
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
