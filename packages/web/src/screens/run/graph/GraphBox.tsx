import { memo } from "react";
import { StateMark, stateWord, toneOf } from "../../../kit/StateMark.tsx";
import styles from "./Graph.module.css";
import { standingOfNode } from "./graphOf.ts";
import type { GraphNode } from "./graphOf.ts";
import { boxHeight, boxWidth } from "./boxSize.ts";
import type { Place } from "./layout.ts";

export interface GraphBoxProps {
  readonly node: GraphNode;
  readonly place: Place | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  /** It got the focus: it must be seen. */
  readonly onReveal: () => void;
}

export const GraphBox = memo(
  function GraphBox({ node, place, isChosen, onChoose, onReveal }: GraphBoxProps) {
    const standing = standingOfNode(node);
    if (place === undefined) return null;
    const count = node.members.length;
    return (
      <button
        type="button"
        aria-pressed={isChosen}
        data-folded={count > 1 ? "" : undefined}
        className={[styles.box, styles[toneOf(standing)]].join(" ")}
        style={{ transform: `translate(${place.x - boxWidth / 2}px, ${place.y - boxHeight / 2}px)` }}
        title={node.title}
        onClick={onChoose}
        onFocus={(event) => {
          if (event.currentTarget.matches(":focus-visible")) onReveal();
        }}
      >
        <span className={styles.title}>{count > 1 ? `${node.title} × ${count}` : node.title}</span>
        {count > 1 ? <span className={styles.counts}>{countWords(node)}</span> : <StateMark state={standing} plain />}
      </button>
    );
  },
  (before, after) =>
    before.isChosen === after.isChosen &&
    before.place === after.place &&
    before.node.title === after.node.title &&
    countWords(before.node) === countWords(after.node),
);

/** "3 failed, 137 succeeded". */
export function countWords({ standings }: Pick<GraphNode, "standings">): string {
  return [...standings]
    .toSorted(([a], [b]) => order(a) - order(b))
    .map(([standing, count]) => `${count} ${stateWord(standing)}`)
    .join(", ");
}

function order(standing: string): number {
  return ["bad", "warn", "running", "waiting", "good", "idle"].indexOf(toneOf(standing));
}
