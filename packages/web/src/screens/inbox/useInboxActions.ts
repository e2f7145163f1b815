import { useMutation } from "@tanstack/react-query";
import { announce } from "../../app/announcer.ts";
import { api } from "../../data/api.ts";
import { useRunList } from "../../data/LiveProvider.tsx";
import { canBePutAway, putAway } from "../../data/putAway.ts";
import type { InboxAction, InboxItem } from "./inboxItems.ts";

interface Wish {
  readonly run: string;
  /** An amount is asked for by a dialog of its own. */
  readonly does: Exclude<InboxAction["does"], "raise">;
}

async function act({ run, does }: Wish): Promise<string> {
  switch (does) {
    case "resume":
      await api.resume(run, {});
      return "It goes on";
    case "end":
      return (await api.stop(run, {})).message;
    case "retry":
    case "retry-changed":
      return (await api.retry(run, { accept_changes: does === "retry-changed" })).message;
    case "unpause":
      return (await api.unpause(run)).message;
  }
}

/** Does what was decided; the list changes by what the stream then tells. */
export function useInboxActions() {
  const { mutate, isPending, error, variables } = useMutation({ mutationFn: act, onSuccess: announce });
  return { act: mutate, isBusy: isPending, error, failed: error === null ? undefined : variables?.run };
}

/** Puts an item away in this browser. */
export function useDismiss(): (item: InboxItem) => void {
  const runs = useRunList();
  return ({ run, name }) => {
    const summary = runs?.find((each) => each.run === run);
    if (summary === undefined || !canBePutAway(summary)) return;
    putAway(summary);
    announce(`${name} is put away`);
  };
}
