import { Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { useAddress } from "../../../data/useAddress.ts";
import { Button } from "../../../kit/Button.tsx";
import styles from "./Graph.module.css";
import type { PlanGraph } from "./graphOf.ts";
import { GraphBox } from "./GraphBox.tsx";
import { GraphLines } from "./GraphLines.tsx";
import type { GraphLayout } from "./layout.ts";
import { useCamera } from "./useCamera.ts";

export interface GraphViewProps {
  readonly graph: PlanGraph;
  readonly layout: GraphLayout;
  /** The box that the address names. */
  readonly chosen: string | undefined;
}

/** Tab goes from box to box, in the order of the plan; arrows move the picture, plus and minus zoom, 0 fits all of it. */
export function GraphView({ graph, layout, chosen }: GraphViewProps) {
  const { go } = useAddress();
  const first = layout.places[chosen ?? graph.nodes[0]?.id ?? ""];
  const { view, camera, zoom, fit, reveal, handlers } = useCamera(layout, first);
  return (
    <div className={styles.frame}>
      <div
        ref={view}
        className={styles.view}
        role="group"
        aria-label={`The plan: ${graph.nodes.length} boxes and what leads from one to another. The list shows the same`}
        {...handlers}
      >
        <div
          className={styles.world}
          style={{ transform: `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})` }}
        >
          <GraphLines edges={graph.edges} joints={graph.joints} layout={layout} focus={chosen} />
          {graph.nodes.map((node) => (
            <GraphBox
              key={node.id}
              node={node}
              place={layout.places[node.id]}
              isChosen={node.id === chosen}
              onReveal={() => reveal(layout.places[node.id])}
              onChoose={() => go({ instance: node.members[0], attempt: undefined, line: undefined })}
            />
          ))}
        </div>
      </div>
      <div className={styles.zoom}>
        <Button iconOnly icon={<ZoomIn />} onClick={() => zoom(1.25)}>
          Larger
        </Button>
        <Button iconOnly icon={<ZoomOut />} onClick={() => zoom(0.8)}>
          Smaller
        </Button>
        <Button iconOnly icon={<Maximize2 />} onClick={fit}>
          Fit all of it
        </Button>
      </div>
    </div>
  );
}
