import type { RunState } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import { Button } from "../../../kit/Button.tsx";
import { StateMark } from "../../../kit/StateMark.tsx";
import styles from "./Graph.module.css";
import { countWords } from "./GraphBox.tsx";
import { standingOfNode } from "./graphOf.ts";
import type { GraphNode } from "./graphOf.ts";
import { needWords } from "./needWords.ts";

export interface ChosenNodeProps {
  readonly node: GraphNode;
  readonly state: RunState;
  readonly onUnfold: (group: string) => void;
  /** Undefined where it is not one of an unfolded group. */
  readonly onFold: ((group: string) => void) | undefined;
}

/** What the chosen box is, and where to go on from it. */
export function ChosenNode({ node, state, onUnfold, onFold }: ChosenNodeProps) {
  const { href } = useAddress();
  const { group } = node;
  const [name = ""] = node.members;
  const isFolded = node.members.length > 1;
  const needs = needWords(state.plan.instances.find((instance) => instance.name === name)?.needs ?? []);
  return (
    <div className={styles.chosen} role="status">
      <strong>{node.title}</strong>
      {isFolded ? <span>{countWords(node)}</span> : <StateMark state={standingOfNode(node)} />}
      {needs === "" ? null : <span className={styles.note}>needs {needs}</span>}
      {isFolded ? null : (
        <>
          <Link href={href({ tab: "log", instance: name })}>Log</Link>
          <Link href={href({ tab: "transcript", instance: name })}>Transcript</Link>
          <Link href={href({ tab: "timeline", instance: name, as: undefined })}>Timeline</Link>
        </>
      )}
      {isFolded && group !== undefined ? <Button onClick={() => onUnfold(group)}>{`Unfold ${group}`}</Button> : null}
      {onFold === undefined || group === undefined ? null : (
        <Button onClick={() => onFold(group)}>{`Fold ${group}`}</Button>
      )}
    </div>
  );
}
