import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import { shortly } from "../../../kit/Lasting.tsx";
import { VirtualTable } from "../../../kit/VirtualTable.tsx";
import type { Column } from "../../../kit/VirtualTable.tsx";
import { useClock } from "../../../settings/SettingsProvider.tsx";
import { spanTitle } from "./barLook.ts";
import type { Span, TimelineRow } from "./spans.ts";
import type { TimeRange } from "./timeRange.ts";

export interface TimelineTableProps {
  readonly rows: readonly TimelineRow[];
  readonly path: readonly string[];
  readonly whole: TimeRange;
}

interface SpanRow extends Span {
  readonly name: string;
  readonly isOnPath: boolean;
}

/** The same as the chart, a row for each bar: for who reads rather than sees, and for copying. */
export function TimelineTable({ rows, path, whole }: TimelineTableProps) {
  const [at, setAt] = useState(0);
  const { href, go } = useAddress();
  const { exactly } = useClock();
  const spans = useMemo(() => {
    const onPath = new Set(path);
    return rows.flatMap(({ name, spans: own }) => own.map((span) => ({ ...span, name, isOnPath: onPath.has(name) })));
  }, [rows, path]);
  const log = ({ name, attempt, kind }: SpanRow) => ({
    tab: "log",
    instance: name,
    attempt: kind === "attempt" ? attempt : undefined,
  });
  const columns: readonly Column<SpanRow>[] = [
    {
      name: "what",
      title: "What",
      width: "minmax(8rem, 1fr)",
      cell: (span) => spanTitle(span),
    },
    {
      name: "instance",
      title: "Instance",
      width: "minmax(8rem, 1.5fr)",
      cell: (span) => <Link href={href(log(span))}>{span.name}</Link>,
    },
    {
      name: "from",
      title: "From",
      width: "7rem",
      isNumber: true,
      cell: ({ from }) => <time title={exactly(from)}>{`+${shortly(from - whole.from)}`}</time>,
    },
    {
      name: "lasted",
      title: "Lasted",
      width: "6rem",
      isNumber: true,
      cell: ({ from, to }) => `${shortly((to ?? whole.to) - from)}${to === undefined ? " so far" : ""}`,
    },
    { name: "path", title: "Critical path", width: "6rem", cell: ({ isOnPath }) => (isOnPath ? "yes" : "") },
  ];
  return (
    <VirtualTable
      label="What each instance did with its time"
      columns={columns}
      rows={spans}
      keyOf={({ name, from, kind }) => `${name} ${from} ${kind}`}
      at={Math.min(at, Math.max(0, spans.length - 1))}
      onMove={setAt}
      onOpen={(span) => go(log(span), { push: true })}
    />
  );
}
