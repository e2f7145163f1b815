import type { LoggedEvent } from "@claude-orchestrator/domain";
import { useDeferredValue, useMemo } from "react";
import { useAddress } from "../../../data/useAddress.ts";
import { useParam } from "../../../data/useParam.ts";
import { listKeys } from "../../../keys/bindings.ts";
import { useKeys } from "../../../keys/useKeys.ts";
import { Button } from "../../../kit/Button.tsx";
import { Choice } from "../../../kit/Choice.tsx";
import { Field, Fields } from "../../../kit/Fields.tsx";
import { Empty, ErrorNote } from "../../../kit/Notes.tsx";
import { mostOptions, TypedChoice } from "../../../kit/TypedChoice.tsx";
import { VirtualTable } from "../../../kit/VirtualTable.tsx";
import type { TabProps } from "../tabs.ts";
import { ChosenEvent } from "./ChosenEvent.tsx";
import { eventColumns, groupColumns } from "./eventColumns.tsx";
import styles from "./Events.module.css";
import { filterEvents, groupEvents, indexOf, valuesIn } from "./filterEvents.ts";
import { useEarlierEvents } from "./useEarlierEvents.ts";

const ways = [
  { name: "each", title: "Each event" },
  { name: "groups", title: "Grouped" },
] as const;

/** The log of the run itself: every event, filtered by what the address says, and any of them as it is written. */
export function Events({ id, folded }: TabProps) {
  const { events, before, ...earlier } = useEarlierEvents(id, useDeferredValue(folded.events));
  const [type, setType] = useParam("type");
  const [instance, setInstance] = useParam("of");
  const [text, setText] = useParam("text");
  const [way, setWay] = useParam("by", "each");
  const [seq] = useParam("event");
  const { go } = useAddress();
  const wanted = useDeferredValue(text);
  const shown = useMemo(() => filterEvents(events, { type, instance, text: wanted }), [events, type, instance, wanted]);
  const chosen = seq === "" ? undefined : events.find((event) => event.seq === Number(seq));
  useKeys({ [listKeys.search.keys]: () => document.getElementById("filter-text")?.focus() });
  const clear = (): void => go({ type: undefined, of: undefined, text: undefined });
  return (
    <div className={styles.events}>
      <Fields>
        <Field label="Find">
          <input id="filter-text" type="search" value={text} onChange={({ target }) => setText(target.value)} />
        </Field>
        <Options label="Type" all="every type" value={type} onChoose={setType} from={events} valueOf={typeOf} />
        <Options
          label="Instance"
          all="the run and every instance"
          value={instance}
          onChoose={setInstance}
          from={events}
          valueOf={nameOf}
        />
        <Choice
          label="How events are listed"
          options={ways}
          chosen={way === "groups" ? "groups" : "each"}
          onChoose={setWay}
        />
        <span role="status" className={styles.count}>
          {shown.length.toLocaleString("en")} of {events.length.toLocaleString("en")}
        </span>
        {before === 0 ? null : (
          <Button disabled={earlier.isReading} onClick={earlier.read}>
            {`Read some of the ${before.toLocaleString("en")} before them`}
          </Button>
        )}
      </Fields>
      {earlier.error === null ? null : <ErrorNote title="Earlier events cannot be read" error={earlier.error} />}
      {shown.length === 0 ? (
        <Empty title={events.length === 0 ? "Nothing has happened yet." : "No event matches."}>
          {events.length === 0 ? null : <Button onClick={clear}>Clear the filter</Button>}
        </Empty>
      ) : (
        <div className={styles.split} data-open={chosen === undefined ? undefined : ""}>
          {way === "groups" ? <Groups events={shown} /> : <Each events={shown} seq={seq} />}
          {chosen === undefined ? null : <ChosenEvent event={chosen} onClose={() => go({ event: undefined })} />}
        </div>
      )}
    </div>
  );
}

function typeOf({ type }: LoggedEvent): string {
  return type;
}

function nameOf(event: LoggedEvent): string {
  return "instance" in event ? event.instance : "";
}

interface OptionsProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly onChoose: (value: string) => void;
  readonly from: readonly LoggedEvent[];
  readonly valueOf: (event: LoggedEvent) => string;
}

function Options({ label, all, value, onChoose, from, valueOf }: OptionsProps) {
  const values = useMemo(() => valuesIn(from, valueOf), [from, valueOf]);
  return (
    <Field label={label}>
      {values.length > mostOptions ? (
        <TypedChoice names={values} value={value} onChoose={onChoose} all={all} />
      ) : (
        <select value={value} onChange={({ target }) => onChoose(target.value)}>
          <option value="">{all}</option>
          {values.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Each({ events, seq }: { readonly events: readonly LoggedEvent[]; readonly seq: string }) {
  const { go } = useAddress();
  const at = useMemo(() => indexOf(events, seq), [events, seq]);
  const choose = (event: LoggedEvent | undefined): void => go({ event: event?.seq });
  return (
    <VirtualTable
      label="Events, oldest first"
      columns={eventColumns}
      rows={events}
      keyOf={(event) => String(event.seq)}
      at={at}
      onMove={(next) => choose(events[next])}
      onOpen={choose}
      isSelected={(event) => String(event.seq) === seq}
    />
  );
}

function Groups({ events }: { readonly events: readonly LoggedEvent[] }) {
  const groups = useMemo(() => groupEvents(events), [events]);
  const [first] = useParam("event");
  const { go } = useAddress();
  const at = Math.max(
    0,
    groups.findIndex((group) => String(group.last.seq) === first),
  );
  return (
    <VirtualTable
      label="Groups of events, oldest first"
      columns={groupColumns}
      rows={groups}
      keyOf={(group) => String(group.first.seq)}
      at={at}
      onMove={(next) => go({ event: groups[next]?.last.seq })}
      onOpen={({ instance, last }) =>
        go({ by: undefined, of: instance === "" ? undefined : instance, event: last.seq }, { push: true })
      }
      isSelected={(group) => String(group.last.seq) === first}
    />
  );
}
