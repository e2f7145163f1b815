import { useParam } from "../../../data/useParam.ts";
import type { DiffView } from "./diffRows.ts";
import { useHasRoom } from "./useHasRoom.ts";

export interface Look {
  /** As it can be shown: beside each other only where there is room. */
  readonly view: DiffView;
  readonly wanted: DiffView;
  readonly ignoresSpace: boolean;
  /** Two looks of one name have the same rows. */
  readonly name: string;
  readonly chooseView: (view: DiffView) => void;
  readonly ignoreSpace: (ignores: boolean) => void;
}

/** How the address wants changes to be shown. */
export function useLook(): Look {
  const [viewText, chooseView] = useParam("view", "unified");
  const [space, chooseSpace] = useParam("space");
  const hasRoom = useHasRoom();
  const wanted = viewText === "split" ? "split" : "unified";
  const view = hasRoom ? wanted : "unified";
  const ignoresSpace = space === "ignore";
  return {
    view,
    wanted,
    ignoresSpace,
    name: `${view} ${ignoresSpace}`,
    chooseView,
    ignoreSpace: (ignores) => chooseSpace(ignores ? "ignore" : ""),
  };
}
