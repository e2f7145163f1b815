import { useMutation } from "@tanstack/react-query";
import { Play, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { Page } from "../../app/Page.tsx";
import { api } from "../../data/api.ts";
import { useConnection } from "../../data/LiveProvider.tsx";
import { newRunKeys } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import { Empty, ErrorNote, StaleNote } from "../../kit/Notes.tsx";
import { Tabs } from "../../kit/Tabs.tsx";
import { Bounds } from "./Bounds.tsx";
import type { PartProps } from "./Bounds.tsx";
import { commandOf, emptyDraft, fileNameOf, hasContent, wishOf } from "./draft.ts";
import type { Draft, Source } from "./draft.ts";
import type { EditorHandle } from "./Editor.tsx";
import { ForecastView } from "./ForecastView.tsx";
import { keepDraft, keptDraft } from "./keptDraft.ts";
import styles from "./NewRun.module.css";
import type { PlanDocument } from "./planDocument.ts";
import { PlanView } from "./PlanView.tsx";
import { Problems } from "./Problems.tsx";
import { FileSource, PromptSource, TextSource } from "./Sources.tsx";
import { useForecast } from "./useForecast.ts";
import { usePlanned } from "./usePlanned.ts";
import type { Planned } from "./usePlanned.ts";

const tabs: readonly { readonly name: Source; readonly title: string }[] = [
  { name: "text", title: "Write or paste a file" },
  { name: "file", title: "A file on the server" },
  { name: "prompts", title: "Prompts" },
];

const noProblems: readonly never[] = [];

/** Begins a run: what it would do is shown while it is written, and nothing starts before it is told to. */
export function NewRun() {
  const { draft, change, clear } = useDraft();
  const [, navigate] = useLocation();
  const { is } = useConnection();
  const planned = usePlanned(draft);
  const starting = useMutation({
    mutationFn: () => api.start(wishOf(draft)),
    onSuccess: ({ run }) => navigate(`/runs/${run}`),
  });
  const canStart = planned.isCurrent && planned.answer?.ok === true && !starting.isPending && is === "live";
  const start = (): void => {
    if (canStart) starting.mutate();
  };
  useKeys({ [newRunKeys.start.keys]: start });
  const actions = <Actions canStart={canStart} isStarting={starting.isPending} onStart={start} onClear={clear} />;
  return (
    <Page title="New run" actions={actions}>
      {is === "reconnecting" ? (
        <StaleNote>The server does not answer: what you write is kept in this browser.</StaleNote>
      ) : null}
      {starting.error === null ? null : <ErrorNote title="The run was not started" error={starting.error} />}
      <Writing draft={draft} change={change} planned={planned} />
      {hasContent(draft) ? (
        <Card title="The same in a terminal">
          <CommandLine command={commandOf(draft)} />
          {draft.source === "text" ? <p className={styles.tip}>with this file saved as {fileNameOf(draft)}</p> : null}
          {draft.source === "prompts" ? null : (
            <p className={styles.tip}>
              <Link href="/schedules?form=run">Run it again and again</Link>, by a schedule that begins with this.
            </p>
          )}
        </Card>
      ) : null}
    </Page>
  );
}

function useDraft() {
  const [draft, setDraft] = useState<Draft>(() => keptDraft() ?? emptyDraft);
  useEffect(() => {
    keepDraft(draft);
  }, [draft]);
  return {
    draft,
    change: (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part })),
    clear: (): void => setDraft(({ source }) => ({ ...emptyDraft, source })),
  };
}

/** What is asked for, and what it would come to. */
function Writing({ draft, change, planned }: PartProps & { readonly planned: Planned }) {
  const editor = useRef<EditorHandle>(null);
  const problems = planned.answer?.problems ?? noProblems;
  const goTo = (line: number, column: number): void => editor.current?.goTo(line, column);
  const part = { draft, change };
  return (
    <>
      <Card title="What is to be done">
        <div className={styles.parts}>
          <Tabs label="Where it comes from" tabs={tabs} chosen={draft.source} onChoose={(source) => change({ source })}>
            {draft.source === "text" ? <TextSource {...part} problems={problems} editor={editor} /> : null}
            {draft.source === "file" ? <FileSource {...part} /> : null}
            {draft.source === "prompts" ? <PromptSource {...part} /> : null}
          </Tabs>
          <details className={styles.more}>
            <summary>Budget, concurrency, variables</summary>
            <Bounds {...part} />
          </details>
        </div>
      </Card>
      <WouldHappen draft={draft} planned={planned}>
        <Problems problems={problems} onGoTo={draft.source === "text" ? goTo : undefined} />
      </WouldHappen>
    </>
  );
}

interface WouldHappenProps {
  readonly draft: Draft;
  readonly planned: Planned;
  /** The problems of the file. */
  readonly children: ReactNode;
}

function WouldHappen({ draft, planned, children }: WouldHappenProps) {
  const { forecast, error } = useForecast(draft, planned);
  const plan = planned.answer?.ok === true ? planned.answer.plan : null;
  return (
    <>
      <Card title="What would happen" aside={<Standing draft={draft} planned={planned} />}>
        <Outcome planned={planned} isBlank={!hasContent(draft)}>
          {children}
        </Outcome>
      </Card>
      {plan !== null && error !== null ? <ErrorNote title="What it would take cannot be said" error={error} /> : null}
      {plan !== null && forecast !== undefined ? (
        <Card title="What it would take">
          <ForecastView forecast={forecast} plan={(plan as unknown as PlanDocument).plan} />
        </Card>
      ) : null}
    </>
  );
}

interface ActionsProps {
  readonly canStart: boolean;
  readonly isStarting: boolean;
  readonly onStart: () => void;
  readonly onClear: () => void;
}

function Actions({ canStart, isStarting, onStart, onClear }: ActionsProps) {
  return (
    <>
      <Button tone="quiet" icon={<Trash2 />} onClick={onClear}>
        Clear
      </Button>
      <Button tone="primary" icon={<Play />} disabled={!canStart} onClick={onStart}>
        {isStarting ? "Starting" : "Start run"}
      </Button>
    </>
  );
}

/** Said to who cannot see it as well: whether it can start. */
function Standing({ draft, planned: { answer, isCurrent } }: { readonly draft: Draft; readonly planned: Planned }) {
  if (!hasContent(draft)) return null;
  return (
    <span role="status" className={styles.tip}>
      {isCurrent && answer !== undefined ? standingWords(answer) : "Looking at it"}
    </span>
  );
}

function standingWords({ ok, problems, obstacles }: NonNullable<Planned["answer"]>): string {
  if (ok) return "It can start";
  const count = problems.length + obstacles.length;
  return `${count} ${count === 1 ? "thing keeps" : "things keep"} it from starting`;
}

interface OutcomeProps {
  readonly planned: Planned;
  readonly isBlank: boolean;
  /** The problems of the file. */
  readonly children: ReactNode;
}

function Outcome({ planned: { answer, error }, isBlank, children }: OutcomeProps) {
  if (isBlank) return <Empty title="Nothing is written yet: write or choose something above." />;
  if (error !== null && error !== undefined) return <ErrorNote title="It cannot be planned" error={error} />;
  if (answer === undefined) return null;
  return (
    <div className={styles.parts}>
      {answer.problems.length > 0 ? children : null}
      {answer.obstacles.map(({ message, hint }) => (
        <p key={message} className={styles.obstacle}>
          {message}
          {hint === undefined ? null : <span className={styles.tip}>{hint}</span>}
        </p>
      ))}
      {answer.plan === null ? null : <PlanView document={answer.plan as unknown as PlanDocument} />}
    </div>
  );
}
