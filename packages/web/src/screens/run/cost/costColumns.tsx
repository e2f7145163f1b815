import { formatTokens } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import { Money } from "../../../kit/Money.tsx";
import { StateMark } from "../../../kit/StateMark.tsx";
import type { Column } from "../../../kit/VirtualTable.tsx";
import styles from "./Cost.module.css";
import type { AttemptRow, ModelRow } from "./costRows.ts";

function InstanceLink({ instance, attempt }: { readonly instance: string; readonly attempt?: number }) {
  const { href } = useAddress();
  return (
    <Link className={styles.name} href={href({ tab: "transcript", instance, attempt, by: undefined })}>
      {instance}
    </Link>
  );
}

function count(name: string, title: string, of: (row: ModelRow) => number): Column<ModelRow> {
  return { name, title, width: "5rem", isNumber: true, cell: (row) => (of(row) === 0 ? "0" : formatTokens(of(row))) };
}

/** @param withInstance false: each row is a model by itself */
export function modelColumns(withInstance: boolean): readonly Column<ModelRow>[] {
  const model: Column<ModelRow> = {
    name: "model",
    title: "Model",
    width: "minmax(8rem, 1.5fr)",
    cell: (row) => <span className={styles.name}>{row.model}</span>,
  };
  const instance: Column<ModelRow> = {
    name: "instance",
    title: "Instance",
    width: "minmax(8rem, 2fr)",
    cell: (row) => <InstanceLink instance={row.instance} />,
  };
  return [
    ...(withInstance ? [model, instance] : [model]),
    count("input", "Input", ({ usage }) => usage.input),
    count("read", "From cache", ({ usage }) => usage.cacheRead),
    count("written", "To cache", ({ usage }) => usage.cacheWrite5m + usage.cacheWrite1h),
    count("output", "Output", ({ usage }) => usage.output),
    {
      name: "share",
      title: "Cache share",
      width: "5.5rem",
      isNumber: true,
      cell: ({ cacheShare }) => `${Math.round(cacheShare * 100)} %`,
    },
    { name: "cost", title: "Cost", width: "6.5rem", isNumber: true, cell: ({ cost }) => <Money usd={cost} /> },
  ];
}

export const attemptColumns: readonly Column<AttemptRow>[] = [
  { name: "state", title: "Came to", width: "9rem", cell: ({ standing }) => <StateMark state={standing} /> },
  {
    name: "instance",
    title: "Instance",
    width: "minmax(8rem, 2fr)",
    cell: ({ instance, attempt }) => <InstanceLink instance={instance} attempt={attempt} />,
  },
  { name: "attempt", title: "Attempt", width: "5rem", isNumber: true, cell: ({ attempt }) => attempt },
  { name: "tokens", title: "Tokens", width: "6rem", isNumber: true, cell: ({ tokens }) => formatTokens(tokens) },
  {
    name: "cost",
    title: "Cost",
    width: "7rem",
    isNumber: true,
    cell: ({ cost, isBound }) => <Money usd={cost} isBound={isBound} />,
  },
];
