import { Download } from "lucide-react";
import { useAddress } from "../../data/useAddress.ts";
import { useParam } from "../../data/useParam.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { Choice } from "../../kit/Choice.tsx";
import { useClock } from "../../settings/SettingsProvider.tsx";
import { Bars } from "./Bars.tsx";
import styles from "./Costs.module.css";
import { barsByDay, series } from "./dayBars.ts";
import type { Period } from "./dayBars.ts";
import { downloadText } from "./downloadText.ts";
import { SumTable } from "./SumTable.tsx";
import { csvOf } from "./usageDocument.ts";
import type { UsageRow } from "./usageDocument.ts";

const ways = [
  { name: "chart", title: "Chart" },
  { name: "table", title: "Table" },
] as const;

/** What each day cost: as bars, as the same in a table, and as a file. A day of the table leads to that day alone. */
export function ByDay({ rows, period }: { readonly rows: readonly UsageRow[]; readonly period: Period }) {
  const [way, setWay] = useParam("as", "chart");
  const { href } = useAddress();
  const { dayOf } = useClock();
  const newestFirst = rows.toSorted((a, b) => b.key.localeCompare(a.key));
  const aside = (
    <div className={styles.aside}>
      <Choice label="How it is shown" options={ways} chosen={way === "table" ? "table" : "chart"} onChoose={setWay} />
      <Button icon={<Download />} onClick={() => downloadText("costs-by-day.csv", csvOf("day", rows))}>
        CSV of the days
      </Button>
    </div>
  );
  return (
    <Card title="By day" aside={aside} flush={way === "table"}>
      {way === "table" ? (
        <SumTable caption="day" rows={newestFirst} hrefOf={(day) => href({ since: day, until: day })} />
      ) : (
        <Bars series={series} bars={barsByDay(rows, period, dayOf(Date.now()))} />
      )}
    </Card>
  );
}
