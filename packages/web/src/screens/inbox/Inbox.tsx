import { useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { useLocation } from "wouter";
import { NotLive } from "../../app/NotLive.tsx";
import { Page } from "../../app/Page.tsx";
import { useRunList, useRuns } from "../../data/LiveProvider.tsx";
import { awayNow, usePutAway, waiting } from "../../data/putAway.ts";
import { inboxKeys } from "../../keys/bindings.ts";
import { Card } from "../../kit/Card.tsx";
import { Empty, ErrorNote, Loading } from "../../kit/Notes.tsx";
import { EndDialog } from "./EndDialog.tsx";
import styles from "./Inbox.module.css";
import { InboxCard } from "./InboxCard.tsx";
import { heldUp, inboxItem } from "./inboxItems.ts";
import type { InboxAction, InboxItem } from "./inboxItems.ts";
import { PutAwayRuns } from "./PutAwayRuns.tsx";
import { RaiseDialog } from "./RaiseDialog.tsx";
import { useDismiss, useInboxActions } from "./useInboxActions.ts";
import { useItemKeys } from "./useItemKeys.ts";

/** A page of them is shown; whoever has more has one cause, not a hundred. */
const mostShown = 50;

/** Everything that waits for a person, each with what can be done about it and what comes of that. */
export function Inbox() {
  const runs = useRunList();
  const away = usePutAway();
  const needing = waiting(runs ?? [], away).slice(0, mostShown);
  const running = (runs ?? []).filter(({ status }) => status === "running").slice(0, mostShown);
  const folded = useRuns([...needing, ...running].map(({ run }) => run));
  const items = needing.map((run) => inboxItem(run, folded.get(run.run)?.state));
  const held = running.flatMap((run) => heldUp(run, folded.get(run.run)?.state) ?? []);
  const count = waiting(runs ?? [], away).length;
  return (
    <Page title="Inbox">
      <NotLive>Nothing can be decided now.</NotLive>
      {runs === undefined ? <Loading what="What waits for you" /> : null}
      {runs !== undefined && items.length === 0 ? (
        <Card title="Needs you">
          <Empty title={`Nothing waits for you. ${workingWords(running.length)}`} />
        </Card>
      ) : null}
      {items.length === 0 ? null : <Items title={`Needs you (${count})`} items={items} isFirst />}
      {held.length === 0 ? null : <Items title={`Held up, and still running (${held.length})`} items={held} />}
      <PutAwayRuns runs={awayNow(runs ?? [], away)} />
    </Page>
  );
}

function workingWords(count: number): string {
  if (count === 0) return "Nothing runs now.";
  return count === 1 ? "One run is working." : `${count} runs are working.`;
}

interface ItemsProps {
  readonly title: string;
  readonly items: readonly InboxItem[];
  /** Its items wait for a decision: they can be put away, and the keys are theirs. */
  readonly isFirst?: boolean;
}

function Items({ title, items, isFirst = false }: ItemsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [chosen, choose] = useState(0);
  const [shown, show] = useState<string>();
  const [asked, ask] = useState<InboxItem>();
  const [raised, raise] = useState<InboxItem>();
  const [, navigate] = useLocation();
  const { act, isBusy, error, failed } = useInboxActions();
  const dismiss = useDismiss();
  const at = Math.min(chosen, items.length - 1);
  const decide = (item: InboxItem, action: InboxAction | undefined): void => {
    if (action?.does === "end") ask(item);
    else if (action?.does === "raise") raise(item);
    else if (action !== undefined) act({ run: item.run, does: action.does });
  };
  const end = ({ run }: InboxItem): void => act({ run, does: "end" }, { onSettled: () => ask(undefined) });
  const move = (to: number): void => choose(focusItem(list.current, to));
  useItemKeys(isFirst ? items[at] : undefined, {
    step: (by) => move(at + by),
    go: (item) => decide(item, item.actions[0]),
    dismiss: (item) => {
      dismiss(item);
      // What had the focus is gone: what follows it has it now.
      requestAnimationFrame(() => move(at));
    },
    edit: ({ run }) => show(run),
  });
  const onKeyDown = ({ key, target, currentTarget }: KeyboardEvent, run: string): void => {
    if (key === inboxKeys.details.keys && target === currentTarget) navigate(`/runs/${run}`);
  };
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      <ul ref={list} className={styles.items}>
        {items.map((item, index) => (
          <li
            key={item.run}
            className={styles.item}
            tabIndex={index === at ? 0 : -1}
            aria-current={index === at}
            aria-label={item.name}
            onFocus={() => choose(index)}
            onKeyDown={(event) => onKeyDown(event, item.run)}
          >
            <InboxCard
              item={item}
              isBusy={isBusy}
              onAct={(action) => decide(item, action)}
              onPutAway={isFirst && item.status !== "interrupted" ? () => dismiss(item) : undefined}
              showsRemedy={shown === item.run}
              onRemedy={(isShown) => show(isShown ? item.run : undefined)}
            />
            {failed === item.run ? <ErrorNote title="That was not done" error={error} /> : null}
          </li>
        ))}
      </ul>
      {asked === undefined ? null : <EndDialog item={asked} onEnd={() => end(asked)} onClose={() => ask(undefined)} />}
      {raised === undefined ? null : <RaiseDialog item={raised} onClose={() => raise(undefined)} />}
    </section>
  );
}

/** Moves the focus to the nth item, or the nearest there is; gives which that was. */
function focusItem(list: HTMLElement | null, to: number): number {
  const items = list?.querySelectorAll<HTMLElement>(":scope > li") ?? [];
  const next = Math.max(0, Math.min(items.length - 1, to));
  items[next]?.focus();
  return next;
}
