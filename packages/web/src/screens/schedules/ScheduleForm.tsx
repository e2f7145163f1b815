import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../app/announcer.ts";
import { api } from "../../data/api.ts";
import { useConnection } from "../../data/LiveProvider.tsx";
import { useDraft } from "../../data/useDraft.ts";
import { newRunKeys } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import { Dialog } from "../../kit/Dialog.tsx";
import { Choice, Field } from "../../kit/Field.tsx";
import { ErrorNote } from "../../kit/Notes.tsx";
import { usePlanned } from "../newRun/usePlanned.ts";
import type { Planned } from "../newRun/usePlanned.ts";
import { Bounds } from "../newRun/Bounds.tsx";
import { draftProblems, hasContent } from "../newRun/draft.ts";
import type { Draft } from "../newRun/draft.ts";
import { slotWords } from "./scheduleDocument.ts";
import { isScheduleDraft, scheduleCommandOf, scheduleWishOf } from "./scheduleDraft.ts";
import type { ScheduleDraft } from "./scheduleDraft.ts";
import styles from "./ScheduleForm.module.css";
import { ScheduleSource } from "./ScheduleSource.tsx";
import { useSlots } from "./useSlots.ts";
import type { Slots } from "./useSlots.ts";
import { WhenFields } from "./WhenFields.tsx";

export interface ScheduleFormProps {
  /** What it begins with. */
  readonly fresh: ScheduleDraft;
  /** The schedule that is changed; undefined for a new one. */
  readonly changes: string | undefined;
  /** Under which name it is kept until the tab is closed. */
  readonly draftName: string;
  /** It begins with what is written elsewhere, whatever was written here before. */
  readonly isTakenOver: boolean;
  readonly onDone: () => void;
}

/** A schedule is written: what its file has wrong and when it would begin are said while it is, and nothing is kept before. */
export function ScheduleForm({ fresh, changes, draftName, isTakenOver, onDone }: ScheduleFormProps) {
  const [draft, setDraft] = useDraft(draftName, fresh, isTakenOver ? isNone : isScheduleDraft);
  const [isSure, ask] = useState(false);
  const planned = usePlanned(draft.run);
  const slots = useSlots(draft.cron, draft.zone);
  const { is } = useConnection();
  const isChange = changes !== undefined;
  const leave = (): void => {
    setDraft(fresh);
    onDone();
  };
  const adding = useAdding(draft, isChange, leave);
  const canAdd = isRunnable(planned) && isTimed(slots) && !adding.isPending && is === "live";
  const send = (): void => {
    if (!canAdd) return;
    if (isChange) ask(true);
    else adding.mutate();
  };
  useKeys({ [newRunKeys.start.keys]: send });
  const form = useFirstFocus();
  const change = (part: Partial<ScheduleDraft>): void => setDraft({ ...draft, ...part });
  return (
    <Card title={isChange ? `Change ${changes}` : "New schedule"}>
      <form
        ref={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Fields draft={draft} change={change} isNamed={isChange} planned={planned} slots={slots} />
        {adding.error === null ? null : <ErrorNote title="Nothing was scheduled" error={adding.error} />}
        <div className={styles.actions}>
          <Button tone="primary" type="submit" disabled={!canAdd}>
            {submitWords(isChange, adding.isPending)}
          </Button>
          {isChange ? <Button onClick={leave}>Leave it as it is</Button> : <Button onClick={onDone}>Not now</Button>}
          <span role="status" className={styles.quiet}>
            {standingWords(draft, planned, slots)}
          </span>
        </div>
        {hasContent(draft.run) ? <CommandLine command={scheduleCommandOf(draft, isChange)} /> : null}
      </form>
      {isChange && isSure ? (
        <ChangeDialog name={changes} onChange={() => adding.mutate()} onClose={() => ask(false)} />
      ) : null}
    </Card>
  );
}

interface FieldsProps extends PoliciesProps {
  readonly slots: Slots;
}

function Fields({ slots, ...rest }: FieldsProps) {
  const { draft, change, planned } = rest;
  const changeRun = (part: Partial<Draft>): void => change({ run: { ...draft.run, ...part } });
  return (
    <>
      <ScheduleSource run={draft.run} change={changeRun} planned={planned} />
      <WhenFields draft={draft} change={change} slots={slots} />
      <Policies {...rest} />
      <details className={styles.more}>
        <summary>Budget, concurrency, variables</summary>
        <Bounds draft={draft.run} change={changeRun} />
        {draft.others.length === 0 ? null : (
          <p className={styles.quiet}>
            It keeps <code>{draft.others.join(" ")}</code> as well.
          </p>
        )}
      </details>
    </>
  );
}

function useAdding(draft: ScheduleDraft, replace: boolean, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.addSchedule(scheduleWishOf(draft, replace)),
    onSuccess: async ({ name, zone, next: [first] }) => {
      await queries.invalidateQueries({ queryKey: ["schedules"] });
      announce(
        `${name} ${replace ? "is changed" : "is added"}${first === undefined ? "" : `: next ${slotWords(first, zone)}`}`,
      );
      onDone();
    },
  });
}

/** Whoever opens it means to write. */
function useFirstFocus() {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("[role=tabpanel] input, input")?.focus(), []);
  return form;
}

function isNone(_value: unknown): _value is ScheduleDraft {
  return false;
}

function isRunnable({ isCurrent, answer }: Planned): boolean {
  return isCurrent && answer?.ok === true;
}

/** What keeps it from being added, in a few words; what exactly is said where it is. */
function standingWords({ run }: ScheduleDraft, planned: Planned, slots: Slots): string {
  if (!hasContent(run)) return "It needs a file";
  const isRight = Object.keys(draftProblems(run)).length === 0;
  if (isRight && !planned.isCurrent) return "Looking at it";
  if (!isRight || !isRunnable(planned)) return "Something is wrong with it";
  return isTimed(slots) ? "It can be scheduled" : "It needs to know when";
}

function isTimed({ isCurrent, problem }: Slots): boolean {
  return isCurrent && problem === undefined;
}

function submitWords(isChange: boolean, isPending: boolean): string {
  if (isChange) return isPending ? "Changing" : "Change it";
  return isPending ? "Adding" : "Add schedule";
}

interface PoliciesProps {
  readonly draft: ScheduleDraft;
  readonly change: (change: Partial<ScheduleDraft>) => void;
  /** Its name is what a schedule is found by: one that is changed keeps it. */
  readonly isNamed: boolean;
  readonly planned: Planned;
}

function Policies({ draft: { name, missed, overlap }, change, isNamed, planned: { answer } }: PoliciesProps) {
  const plan = answer?.plan?.["plan"] as { readonly name?: string } | undefined;
  return (
    <div className={styles.fields}>
      {isNamed ? null : (
        <Field
          label="What the schedule is called"
          placeholder={plan?.name ?? "as the file says"}
          maxLength={80}
          autoComplete="off"
          value={name}
          onValue={(written) => change({ name: written })}
        />
      )}
      <Choice
        label="What passed while nothing could begin"
        value={missed}
        onValue={(chosen) => change({ missed: chosen as ScheduleDraft["missed"] })}
        choices={[
          ["once", "is made up for once"],
          ["skip", "is left out"],
          ["all", "is made up for, one after the other"],
        ]}
      />
      <Choice
        label="Where the run before still works"
        value={overlap}
        onValue={(chosen) => change({ overlap: chosen as ScheduleDraft["overlap"] })}
        choices={[
          ["skip", "the new one is left out"],
          ["queue", "the new one waits for it"],
          ["replace", "that one is stopped"],
        ]}
      />
    </div>
  );
}

interface ChangeDialogProps {
  readonly name: string;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

function ChangeDialog({ name, onChange, onClose }: ChangeDialogProps) {
  const change = (): void => {
    onClose();
    onChange();
  };
  const actions = (
    <>
      <Button onClick={onClose}>Leave it as it is</Button>
      <Button tone="primary" onClick={change}>
        Change {name}
      </Button>
    </>
  );
  return (
    <Dialog title={`Change the schedule ${name}?`} onClose={onClose} actions={actions}>
      <p>From now on it begins at its new times. What waits is dropped, and what it began so far is counted anew.</p>
    </Dialog>
  );
}
