import type { LoggedEvent } from "@claude-orchestrator/domain";
import { X } from "lucide-react";
import { useMemo } from "react";
import { Button } from "../../../kit/Button.tsx";
import { Card } from "../../../kit/Card.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import styles from "./Events.module.css";

const longestShown = 50_000;

/** An event as the log has it. */
export function ChosenEvent({ event, onClose }: { readonly event: LoggedEvent; readonly onClose: () => void }) {
  const json = useMemo(() => JSON.stringify(event, undefined, 2), [event]);
  const aside = (
    <span className={styles.aside}>
      <CopyButton text={json} what="event" />
      <Button tone="quiet" iconOnly icon={<X />} onClick={onClose}>
        Close
      </Button>
    </span>
  );
  return (
    <Card title={`Event ${event.seq}`} aside={aside} flush>
      <pre className={styles.json} tabIndex={0} role="region" aria-label={`Event ${event.seq} as JSON`}>
        {json.length > longestShown ? `${json.slice(0, longestShown)}\n… the rest is in what is copied` : json}
      </pre>
    </Card>
  );
}
