import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import type { Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { complete, explain } from "./completions.ts";
import { editorTheme, highlighting } from "./editorTheme.ts";
import type { Schema } from "./schemaHints.ts";

/** Lines and columns count from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface CodeEditor {
  /** Replaces what is written, where it is something else. */
  setText(text: string): void;
  setMarks(marks: readonly Mark[]): void;
  /** Puts the cursor there, and the focus. */
  goTo(line: number, column: number): void;
  destroy(): void;
}

export interface CodeEditorParts {
  readonly text: string;
  readonly label: string;
  readonly onText: (text: string) => void;
  /** What can be written; undefined as long as nobody knows. */
  readonly schema: () => Schema | undefined;
}

/**
 * An editor of our file. It lives in a shadow tree: there its styles are adopted style sheets, which the content security
 * policy lets through; elsewhere they would be `<style>` elements, which it does not. Tab leaves it, as it leaves any field.
 */
export function openCodeEditor(host: HTMLElement, parts: CodeEditorParts): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({ doc: parts.text, extensions: extensionsOf(parts) }),
  });
  return {
    setText: (text) => {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setMarks: (marks) => {
      const { doc } = view.state;
      const diagnostics = marks.map(({ line, column, message }) => {
        const from = offsetOf(doc, line, column);
        const to = Math.max(from, doc.lineAt(from).to);
        return { from, to, severity: "error" as const, message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo: (line, column) => {
      const at = offsetOf(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function extensionsOf({ label, onText, schema }: CodeEditorParts) {
  // Ctrl+Enter starts the run, whatever has the focus.
  const keys = [...completionKeymap, ...historyKeymap, ...defaultKeymap].filter(({ key }) => key !== "Mod-Enter");
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    indentOnInput(),
    closeBrackets(),
    yaml(),
    syntaxHighlighting(highlighting),
    editorTheme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onText(update.state.doc.toString());
    }),
    autocompletion({ override: [(context) => complete(context, schema())], icons: false }),
    hoverTooltip((view, at) => explain(view.state.doc, at, schema())),
    keymap.of(keys),
  ];
}

function offsetOf(doc: Text, line: number, column: number): number {
  const there = doc.line(Math.max(1, Math.min(doc.lines, line)));
  return Math.min(there.to, there.from + Math.max(0, column - 1));
}
