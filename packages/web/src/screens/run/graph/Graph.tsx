import type { RunState } from "@claude-orchestrator/domain";
import { useMemo } from "react";
import { useAddress } from "../../../data/useAddress.ts";
import { useParam } from "../../../data/useParam.ts";
import { Button } from "../../../kit/Button.tsx";
import { Choice } from "../../../kit/Choice.tsx";
import { Empty, ErrorNote, Loading } from "../../../kit/Notes.tsx";
import type { TabProps } from "../tabs.ts";
import { ChosenNode } from "./ChosenNode.tsx";
import styles from "./Graph.module.css";
import { drawingOf, graphOf, mostBoxes, mostUnfolded } from "./graphOf.ts";
import type { PlanGraph } from "./graphOf.ts";
import { GraphList } from "./GraphList.tsx";
import { GraphView } from "./GraphView.tsx";
import { useLayout } from "./useLayout.ts";

const ways = [
  { name: "picture", title: "Picture" },
  { name: "list", title: "List" },
] as const;

/** The plan as it stands: what needs what, and where each of it is. */
export function Graph({ state }: TabProps) {
  const [wayText, setWay] = useParam("as", "picture");
  const [open] = useParam("open");
  const { go } = useAddress();
  const unfolded = useMemo(() => new Set(open.split("\n").filter((group) => group !== "")), [open]);
  const drawing = useMemo(() => drawingOf(state.plan, unfolded), [state.plan, unfolded]);
  const graph = useMemo(() => graphOf(state, drawing), [state, drawing]);
  if (graph.nodes.length === 0) return <Empty title="The plan has no instance: there is nothing to draw." />;
  const way = wayText === "list" ? "list" : "picture";
  const foldable = state.plan.instances.length > mostUnfolded ? graph.groups : [];
  const fold = (groups: readonly string[]): void => go({ open: groups.join("\n") });
  return (
    <div className={styles.graph}>
      <div className={styles.tools}>
        <Choice label="How the graph is shown" options={ways} chosen={way} onChoose={setWay} />
        {foldable.length === 0 || (unfolded.size === 0 && state.plan.instances.length > mostBoxes) ? null : (
          <Button onClick={() => fold(unfolded.size === 0 ? foldable : [])}>
            {unfolded.size === 0 ? "Unfold all groups" : "Fold all groups"}
          </Button>
        )}
        <span className={styles.note}>
          {`${state.plan.instances.length} instances${foldable.length === 0 ? "" : `, ${graph.nodes.length} boxes`}`}
        </span>
      </div>
      {way === "list" ? (
        <GraphList graph={graph} state={state} />
      ) : (
        <Picture graph={graph} state={state} foldable={foldable} unfolded={unfolded} onFold={fold} />
      )}
    </div>
  );
}

interface PictureProps {
  readonly graph: PlanGraph;
  readonly state: RunState;
  readonly foldable: readonly string[];
  readonly unfolded: ReadonlySet<string>;
  /** These groups are to be shown member by member, and no others. */
  readonly onFold: (unfolded: readonly string[]) => void;
}

function Picture({ graph, state, foldable, unfolded, onFold }: PictureProps) {
  const [instance] = useParam("instance");
  const { layout, error } = useLayout(graph);
  const chosen = graph.nodes.find(({ members }) => members.includes(instance));
  if (error !== undefined) {
    return <ErrorNote title="The graph cannot be laid out; the list shows the same" error={error} />;
  }
  if (layout === undefined) return <Loading what="The graph" rows={8} />;
  const isOfUnfolded = chosen?.group !== undefined && foldable.includes(chosen.group) && chosen.members.length === 1;
  return (
    <>
      <GraphView graph={graph} layout={layout} chosen={chosen?.id} />
      {chosen === undefined ? null : (
        <ChosenNode
          node={chosen}
          state={state}
          onUnfold={(group) => onFold([...unfolded, group])}
          onFold={isOfUnfolded ? (group) => onFold([...unfolded].filter((each) => each !== group)) : undefined}
        />
      )}
    </>
  );
}
