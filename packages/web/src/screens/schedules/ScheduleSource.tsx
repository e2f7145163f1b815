import { useRef } from "react";
import { ErrorNote } from "../../kit/Notes.tsx";
import { Tabs } from "../../kit/Tabs.tsx";
import type { PartProps } from "../newRun/Bounds.tsx";
import type { Draft, Source } from "../newRun/draft.ts";
import type { EditorHandle } from "../newRun/Editor.tsx";
import { Problems } from "../newRun/Problems.tsx";
import { FileSource, TextSource } from "../newRun/Sources.tsx";
import type { Planned } from "../newRun/usePlanned.ts";
import styles from "./ScheduleForm.module.css";

const tabs: readonly { readonly name: Source; readonly title: string }[] = [
  { name: "file", title: "A file on the server" },
  { name: "text", title: "Write or paste a file" },
];

export interface ScheduleSourceProps {
  readonly run: Draft;
  readonly change: PartProps["change"];
  readonly planned: Planned;
}

/** The file that is run, and what keeps it from being. */
export function ScheduleSource({ run, change, planned: { answer, error } }: ScheduleSourceProps) {
  const editor = useRef<EditorHandle>(null);
  const problems = answer?.problems ?? [];
  const part = { draft: run, change };
  return (
    <div className={styles.source}>
      <Tabs label="Where the file comes from" tabs={tabs} chosen={run.source} onChoose={(source) => change({ source })}>
        {run.source === "text" ? (
          <TextSource {...part} problems={problems} editor={editor} />
        ) : (
          <FileSource {...part} />
        )}
      </Tabs>
      {error === null || error === undefined ? null : <ErrorNote title="It cannot be scheduled" error={error} />}
      {problems.length === 0 ? null : (
        <Problems
          problems={problems}
          onGoTo={run.source === "text" ? (line, column) => editor.current?.goTo(line, column) : undefined}
        />
      )}
      {answer?.obstacles.map(({ message, hint }) => (
        <p key={message} role="alert">
          {message}
          {hint === undefined ? null : <span className={styles.quiet}> {hint}</span>}
        </p>
      ))}
    </div>
  );
}
