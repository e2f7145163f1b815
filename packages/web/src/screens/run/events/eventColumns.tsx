import type { LoggedEvent } from "@claude-orchestrator/domain";
import { shortly } from "../../../kit/Lasting.tsx";
import type { Column } from "../../../kit/VirtualTable.tsx";
import { useClock } from "../../../settings/SettingsProvider.tsx";
import { attemptOf, eventWords, instanceOf } from "./eventWords.ts";
import styles from "./Events.module.css";
import type { EventGroup } from "./filterEvents.ts";

function Clock({ at }: { readonly at: number }) {
  const { exactly, precisely } = useClock();
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)} className={styles.muted}>
      {precisely(at)}
    </time>
  );
}

function whose(instance: string, attempt: number | undefined): string {
  if (instance === "") return "the run";
  return attempt === undefined ? instance : `${instance} #${attempt}`;
}

export const eventColumns: readonly Column<LoggedEvent>[] = [
  { name: "seq", title: "Number", width: "4rem", isNumber: true, cell: ({ seq }) => seq },
  {
    name: "words",
    title: "What",
    width: "minmax(10rem, 3fr)",
    cell: (event) => (
      <>
        <span className={styles.type}>{event.type}</span>
        <span className={styles.words}>{eventWords(event)}</span>
      </>
    ),
  },
  {
    name: "instance",
    title: "Instance",
    width: "minmax(6rem, 1fr)",
    cell: (event) => whose(instanceOf(event), attemptOf(event)),
  },
  { name: "at", title: "At", width: "7rem", cell: ({ at }) => <Clock at={at} /> },
];

export const groupColumns: readonly Column<EventGroup>[] = [
  { name: "count", title: "Events", width: "4rem", isNumber: true, cell: ({ count }) => count },
  {
    name: "whose",
    title: "Of",
    width: "minmax(10rem, 3fr)",
    cell: ({ instance, attempt, last }) => (
      <>
        <span>{whose(instance, attempt)}</span>
        <span className={`${styles.words} ${styles.muted}`}>
          {last.type} {eventWords(last)}
        </span>
      </>
    ),
  },
  { name: "from", title: "From", width: "7rem", cell: ({ first }) => <Clock at={first.at} /> },
  {
    name: "lasted",
    title: "Lasted",
    width: "5rem",
    isNumber: true,
    cell: ({ first, last }) => shortly(last.at - first.at),
  },
];
