import { Button } from "../../kit/Button.tsx";
import { Dialog } from "../../kit/Dialog.tsx";
import type { InboxItem } from "./inboxItems.ts";

export interface EndDialogProps {
  readonly item: InboxItem;
  readonly onEnd: () => void;
  readonly onClose: () => void;
}

export function EndDialog({ item: { name, run }, onEnd, onClose }: EndDialogProps) {
  const actions = (
    <>
      <Button onClick={onClose}>Leave it as it is</Button>
      <Button tone="danger" onClick={onEnd}>
        End {name}
      </Button>
    </>
  );
  return (
    <Dialog title={`End ${name}?`} onClose={onClose} actions={actions}>
      <p>
        What is left of <code>{run}</code> is ended: agents that still work are asked to stop, nothing is tried again.
        What they have done and spent stays, and the run can be resumed.
      </p>
    </Dialog>
  );
}
