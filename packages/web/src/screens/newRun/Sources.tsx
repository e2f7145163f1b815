import { useQuery } from "@tanstack/react-query";
import type { FileProblem } from "@claude-orchestrator/protocol";
import { useId } from "react";
import type { RefObject } from "react";
import { later } from "../../app/later.tsx";
import { api } from "../../data/api.ts";
import { Choice, Field } from "../../kit/Field.tsx";
import fieldStyles from "../../kit/Field.module.css";
import type { PartProps } from "./Bounds.tsx";
import { splitPrompts } from "./draft.ts";
import type { EditorHandle, EditorProps } from "./Editor.tsx";
import styles from "./NewRun.module.css";
import { starters } from "./starters.ts";

const Editor = later<EditorProps>("The editor", async () => ({ default: (await import("./Editor.tsx")).Editor }));

export interface TextSourceProps extends PartProps {
  readonly problems: readonly FileProblem[];
  readonly editor: RefObject<EditorHandle | null>;
}

/** The file itself, written here. */
export function TextSource({ draft, change, problems, editor }: TextSourceProps) {
  const schema = useQuery({ queryKey: ["config-schema"], queryFn: api.configSchema, staleTime: Infinity });
  return (
    <div className={styles.source}>
      <Editor
        ref={editor}
        label="The file, YAML or JSON"
        text={draft.text}
        onText={(text) => change({ text })}
        marks={problems}
        schema={schema.data}
      />
      <p className={styles.tip}>
        Ctrl+Space offers what can be written; point at a field to read what it is. Tab leaves the editor.
      </p>
      {draft.text === "" ? (
        <ul className={styles.starters} aria-label="Something to begin with">
          {starters.map(({ name, about, text }) => (
            <li key={name}>
              <button type="button" className={styles.starter} onClick={() => change({ text })}>
                <strong>{name}</strong>
                <span>{about}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** A file on the server's machine. */
export function FileSource({ draft, change }: PartProps) {
  const session = useQuery({ queryKey: ["session"], queryFn: api.session });
  const where = session.data?.workspace;
  return (
    <Field
      label="Path of the file, on the server’s machine"
      placeholder="orchestrator.yaml"
      autoComplete="off"
      spellCheck={false}
      value={draft.file}
      onValue={(file) => change({ file })}
      hint={where === undefined ? undefined : `A relative path begins in ${where}`}
    />
  );
}

/** No file: an agent is asked one or several prompts. */
export function PromptSource({ draft, change }: PartProps) {
  const agents = useQuery({ queryKey: ["agents"], queryFn: api.agents });
  const id = useId();
  const names = agents.data?.agents.filter(({ name }) => name !== "command") ?? [];
  const choices = names.map(({ name, installed }) => [name, installed ? name : `${name} (not found here)`] as const);
  const count = splitPrompts(draft.prompts).length;
  return (
    <div className={styles.source}>
      <div className={fieldStyles.field}>
        <label htmlFor={id}>
          What is to be done; a line of three dashes begins another prompt, asked at the same time
        </label>
        <textarea
          id={id}
          rows={8}
          className={styles.prompts}
          value={draft.prompts}
          onChange={({ target }) => change({ prompts: target.value })}
        />
        <span className={fieldStyles.hint}>{count === 1 ? "One prompt" : `${count} prompts`}</span>
      </div>
      <div className={styles.fields}>
        <Choice
          label="Agent"
          value={draft.agent}
          onValue={(agent) => change({ agent })}
          choices={[["", "claude, where nothing else is chosen"], ...choices]}
        />
      </div>
    </div>
  );
}
