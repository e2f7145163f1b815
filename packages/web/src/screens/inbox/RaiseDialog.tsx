import { takenOf } from "../../budget/budgetUse.ts";
import { SetBudget } from "../../budget/SetBudget.tsx";
import { useRuns } from "../../data/LiveProvider.tsx";
import type { InboxItem } from "./inboxItems.ts";

export interface RaiseDialogProps {
  readonly item: InboxItem;
  readonly onClose: () => void;
}

/** Another amount for the budget that holds a run up; what it has ended is asked for again. */
export function RaiseDialog({ item: { run, spent }, onClose }: RaiseDialogProps) {
  const folded = useRuns([run]).get(run);
  if (spent === undefined || folded?.state === undefined) return null;
  const taken = takenOf(folded.state, folded.history.steps, spent.limit);
  const again = spent.ended.map(({ name }) => name);
  return <SetBudget id={run} limit={spent.limit} spent={taken} again={again} onClose={onClose} />;
}
