import { memo } from "react";
import styles from "./Graph.module.css";
import type { Drawing } from "./graphOf.ts";
import type { GraphLayout, Place } from "./layout.ts";

export interface GraphLinesProps extends Pick<Drawing, "edges" | "joints"> {
  readonly layout: GraphLayout;
  /** The box whose lines stand out. */
  readonly focus: string | undefined;
}

/** For the eye only: the list says the same in words. */
export const GraphLines = memo(function GraphLines({ edges, joints, layout, focus }: GraphLinesProps) {
  return (
    <svg className={styles.lines} width={layout.width} height={layout.height} aria-hidden="true">
      <defs>
        <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 L8 4 L0 8 z" className={styles.arrow} />
        </marker>
      </defs>
      {edges.map(({ from, to, when }, index) => (
        <path
          key={`${from}\n${to}`}
          className={styles.line}
          data-when={when}
          data-focus={from === focus || to === focus ? "" : undefined}
          d={pathOf(layout.lines[index] ?? [])}
          markerEnd={joints.includes(to) ? undefined : "url(#graph-arrow)"}
        />
      ))}
      {joints.map((id) => {
        const place = layout.places[id];
        return place === undefined ? null : (
          <circle key={id} className={styles.joint} cx={place.x} cy={place.y} r={6} />
        );
      })}
    </svg>
  );
});

/** A line that bends softly through its points. */
function pathOf(points: readonly Place[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let path = `M${first.x} ${first.y}`;
  let before = first;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    path += ` C${middle} ${before.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    before = point;
  }
  return path;
}
