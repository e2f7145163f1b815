import { inboxKeys, listKeys } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import type { InboxItem } from "./inboxItems.ts";

export interface ItemKeys {
  readonly step: (by: number) => void;
  /** Does what is offered first. */
  readonly go: (item: InboxItem) => void;
  readonly dismiss: (item: InboxItem) => void;
  readonly edit: (item: InboxItem) => void;
}

/** The keys of the item one is at; none where there is none. */
export function useItemKeys(current: InboxItem | undefined, { step, go, dismiss, edit }: ItemKeys): void {
  const actions =
    current === undefined
      ? {}
      : {
          [listKeys.next.keys]: () => step(1),
          [listKeys.previous.keys]: () => step(-1),
          [inboxKeys.go.keys]: () => go(current),
          [inboxKeys.dismiss.keys]: () => dismiss(current),
          [inboxKeys.edit.keys]: () => edit(current),
        };
  useKeys(actions);
}
