import type { RunState } from "@claude-orchestrator/domain";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { standingOf } from "../../../data/totals.ts";
import { useAddress } from "../../../data/useAddress.ts";
import { StateMark } from "../../../kit/StateMark.tsx";
import { countWords } from "./GraphBox.tsx";
import styles from "./Graph.module.css";
import type { GraphNode, PlanGraph } from "./graphOf.ts";
import { levelsOf } from "./levels.ts";
import { needWords } from "./needWords.ts";

/** The same as the picture, in words: level after level, with what each needs. */
export function GraphList({ graph, state }: { readonly graph: PlanGraph; readonly state: RunState }) {
  const needs = useMemo(
    () => new Map(state.plan.instances.map((instance) => [instance.name, instance.needs])),
    [state.plan],
  );
  return (
    <div className={styles.levels}>
      {levelsOf(graph).map((nodes, index) => (
        <section key={nodes[0]?.id} aria-labelledby={`level-${index}`}>
          <h2 id={`level-${index}`}>{index === 0 ? "First" : `After that, step ${index + 1}`}</h2>
          <ul>
            {nodes.map((node) => (
              <Item key={node.id} node={node} state={state} needs={needWords(needs.get(node.members[0] ?? "") ?? [])} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface ItemProps {
  readonly node: GraphNode;
  readonly state: RunState;
  /** In words, what its members need; "" where that is nothing. */
  readonly needs: string;
}

function Item({ node, state, needs }: ItemProps) {
  const [isOpen, setOpen] = useState(false);
  const [first = ""] = node.members;
  if (node.members.length === 1) return <Member name={first} needs={needs} state={state} />;
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <strong>{`${node.title} × ${node.members.length}`}</strong> {countWords(node)}
          {needs === "" ? "" : `, needs ${needs}`}
        </summary>
        <ul>{isOpen ? node.members.map((name) => <Member key={name} name={name} needs="" state={state} />) : null}</ul>
      </details>
    </li>
  );
}

function Member({ name, needs, state }: { readonly name: string; readonly needs: string; readonly state: RunState }) {
  const { href } = useAddress();
  const instance = state.instances.get(name);
  return (
    <li className={styles.item}>
      <StateMark state={instance === undefined ? "waiting" : standingOf(instance)} />
      <Link href={href({ tab: "log", instance: name, attempt: undefined, line: undefined })}>{name}</Link>
      {needs === "" ? null : <span className={styles.note}>needs {needs}</span>}
    </li>
  );
}
