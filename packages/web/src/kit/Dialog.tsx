import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons at its end; the last one does what the dialog is for. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

/**
 * The browser's own modal dialog: it keeps the focus, Escape closes it, and the focus goes back to where it was. What has
 * `data-first-focus` has the focus first, else what can have it first.
 */
export function Dialog({ title, onClose, children, actions, wide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it is painted, and before it is gone from the document: a dialog that is gone gives no focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // The browser would begin with the first button, which closes it.
    dialog?.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={[styles.dialog, wide ? styles.wide : undefined].filter(Boolean).join(" ")}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        <Button tone="quiet" iconOnly icon={<X />} onClick={onClose}>
          Close
        </Button>
      </header>
      <div className={styles.body}>{children}</div>
      {actions === undefined ? null : <footer className={styles.actions}>{actions}</footer>}
    </dialog>
  );
}
