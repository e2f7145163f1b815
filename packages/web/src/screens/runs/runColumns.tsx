import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { Link } from "wouter";
import { Lasting, shortly } from "../../kit/Lasting.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { Progress } from "../../kit/Progress.tsx";
import { StateMark } from "../../kit/StateMark.tsx";
import type { Column } from "../../kit/VirtualTable.tsx";
import styles from "./runColumns.module.css";

/** @param toggle selects a run, or lets it go: two can be compared */
export function runColumns(
  selected: readonly string[],
  toggle: (run: string) => void,
): readonly Column<RunSummaryDocument>[] {
  return [
    {
      name: "select",
      title: "Select",
      width: "3rem",
      cell: ({ run, name }) => (
        <input
          type="checkbox"
          className={styles.check}
          aria-label={`Select ${name ?? run}`}
          checked={selected.includes(run)}
          onChange={() => toggle(run)}
        />
      ),
    },
    {
      name: "name",
      title: "Run",
      width: "minmax(8rem, 2fr)",
      cell: ({ run, name }) => (
        <span className={styles.name}>
          <Link href={`/runs/${run}`}>{name ?? run}</Link>
          <code>{run}</code>
        </span>
      ),
    },
    { name: "state", title: "State", width: "8.5rem", cell: ({ status }) => <StateMark state={status} /> },
    {
      name: "instances",
      title: "Instances",
      width: "minmax(7rem, 1fr)",
      cell: (run) => <Progress counts={countsOf(run)} label="Instances" />,
    },
    { name: "begun", title: "Begun", width: "minmax(6.5rem, 9rem)", cell: ({ created_at }) => whenOf(created_at) },
    { name: "lasted", title: "Lasted", width: "5rem", isNumber: true, cell: lasted },
  ];
}

function countsOf({ verdicts, instances }: RunSummaryDocument): ReadonlyMap<string, number> {
  const settled = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const rest: [string, number][] = instances > settled ? [["unsettled", instances - settled]] : [];
  return new Map([...Object.entries(verdicts), ...rest]);
}

function whenOf(iso: string | null) {
  return iso === null ? "unknown" : <Moment at={Date.parse(iso)} />;
}

function lasted({ status, created_at, duration_ms }: RunSummaryDocument) {
  if (duration_ms !== null) return shortly(duration_ms);
  return status === "running" && created_at !== null ? <Lasting since={Date.parse(created_at)} /> : "";
}
