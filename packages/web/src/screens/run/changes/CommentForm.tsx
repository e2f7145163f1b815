import { useEffect, useRef, useState } from "react";
import { Button } from "../../../kit/Button.tsx";
import styles from "./Changes.module.css";

export interface CommentFormProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly onSave: (text: string) => void;
}

/** A comment as it is written; Escape leaves it, Enter with Ctrl or Command keeps it. */
export function CommentForm({ label, onClose, onSave }: CommentFormProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const save = (): void => {
    if (text.trim() !== "") onSave(text);
  };
  return (
    <form
      className={styles.comment}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      }}
    >
      <textarea ref={field} aria-label={label} value={text} onChange={({ target }) => setText(target.value)} />
      <span className={styles.buttons}>
        <Button tone="primary" type="submit" disabled={text.trim() === ""}>
          Add the comment
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </span>
    </form>
  );
}
