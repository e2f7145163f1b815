import { useMemo } from "react";
import { Choice, Field } from "../../kit/Field.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { slotWords } from "./scheduleDocument.ts";
import { isZone, rhythms } from "./scheduleDraft.ts";
import type { ScheduleDraft } from "./scheduleDraft.ts";
import styles from "./ScheduleForm.module.css";
import type { Slots } from "./useSlots.ts";

export interface WhenProps {
  readonly draft: ScheduleDraft;
  readonly change: (change: Partial<ScheduleDraft>) => void;
  readonly slots: Slots;
}

/** When it begins: a pattern in a zone, and what that comes to. */
export function WhenFields({ draft: { cron, zone }, change, slots }: WhenProps) {
  const zones = useMemo(() => ["UTC", ...Intl.supportedValuesOf("timeZone")], []);
  const known = rhythms.some(([each]) => each === cron.trim());
  return (
    <>
      <div className={styles.fields}>
        <Choice
          label="How often"
          value={known ? cron.trim() : ""}
          onValue={(chosen) => change(chosen === "" ? {} : { cron: chosen })}
          choices={[...rhythms, ["", "As the pattern says"]]}
        />
        <Field
          label="Cron pattern"
          autoComplete="off"
          spellCheck={false}
          required
          value={cron}
          problem={cron.trim() === "" ? "It needs a pattern, such as 0 2 * * 1-5" : slots.problem}
          hint="minute, hour, day, month, weekday"
          onValue={(written) => change({ cron: written })}
        />
        <Field
          label="Time zone"
          autoComplete="off"
          spellCheck={false}
          required
          offers={zones}
          value={zone}
          problem={isZone(zone) ? undefined : "A zone such as Europe/Berlin, America/New_York or UTC"}
          onValue={(written) => change({ zone: written })}
        />
      </div>
      <NextSlots {...slots} />
    </>
  );
}

/** Said to who cannot see it as well, when it has changed. */
function NextSlots({ next, zone, isCurrent }: Slots) {
  return (
    <div className={styles.slots} role="status" aria-busy={!isCurrent}>
      {next.length === 0 ? null : (
        <>
          <p className={styles.quiet}>Next, in {zone}</p>
          <ol>
            {next.map((slot, index) => (
              <li key={slot}>
                {slotWords(slot, zone)}
                {index === 0 ? (
                  <span className={styles.quiet}>
                    {" "}
                    <Moment at={Date.parse(slot)} />
                  </span>
                ) : null}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
