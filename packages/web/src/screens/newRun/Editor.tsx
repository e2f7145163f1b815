import { useEffect, useImperativeHandle, useRef } from "react";
import type { Ref } from "react";
import { openCodeEditor } from "./codeEditor.ts";
import type { CodeEditor, Mark } from "./codeEditor.ts";
import styles from "./Editor.module.css";
import type { Schema } from "./schemaHints.ts";

/** What can be done with an editor from beside it. */
export type EditorHandle = Pick<CodeEditor, "goTo">;

export interface EditorProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly marks: readonly Mark[];
  readonly schema: Schema | undefined;
  readonly ref: Ref<EditorHandle>;
}

/** Where a file is written: what can be written next is offered, what is wrong is marked where it is. */
export function Editor({ label, text, onText, marks, schema, ref }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(undefined);
  const current = useRef({ text, onText, schema });
  useEffect(() => {
    current.current = { text, onText, schema };
    editor.current?.setText(text);
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const opened = openCodeEditor(host.current, {
      label,
      text: current.current.text,
      onText: (written) => current.current.onText(written),
      schema: () => current.current.schema,
    });
    editor.current = opened;
    return () => {
      editor.current = undefined;
      opened.destroy();
    };
  }, [label]);
  useEffect(() => editor.current?.setMarks(marks), [marks]);
  useImperativeHandle(ref, () => ({ goTo: (line, column) => editor.current?.goTo(line, column) }), []);
  return <div ref={host} className={styles.editor} />;
}
