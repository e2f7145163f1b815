import { CloudOff, Radio, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { useConnection, useLive, useServerVersion } from "../data/LiveProvider.tsx";
import { Button } from "../kit/Button.tsx";
import type { Clock } from "../settings/clock.ts";
import { useClock } from "../settings/SettingsProvider.tsx";
import { announce } from "./announcer.ts";
import styles from "./ConnectionChip.module.css";

/** Whether what is seen is what is so: live, or from when. */
export function ConnectionChip() {
  const connection = useConnection();
  const live = useLive();
  const clock = useClock();
  const { is } = connection;
  useEffect(() => {
    document.documentElement.dataset["connection"] = is;
    if (is === "reconnecting") announce("The server does not answer. What is shown is from before.");
  }, [is]);
  if (is === "live") {
    return (
      <>
        <NewerServer />
        <span className={`${styles.chip} ${styles.live}`}>
          <Radio aria-hidden="true" />
          <span className={styles.word}>Live</span>
        </span>
      </>
    );
  }
  if (is === "reconnecting") {
    return (
      <span className={`${styles.chip} ${styles.stale}`}>
        <CloudOff aria-hidden="true" />
        <span>Not live: as of {timeOf(connection.since, clock)}</span>
        <Button tone="quiet" iconOnly icon={<RefreshCw />} onClick={() => live.connect()}>
          Connect now
        </Button>
      </span>
    );
  }
  return <span className={styles.chip}>Connecting</span>;
}

/** Said, never forced: somebody may be in the middle of writing. */
function NewerServer() {
  const version = useServerVersion();
  const [first, setFirst] = useState<string>();
  useEffect(() => {
    if (first === undefined && version !== undefined) setFirst(version);
  }, [first, version]);
  if (first === undefined || version === first) return null;
  return (
    <Button tone="quiet" icon={<RefreshCw />} onClick={() => location.reload()}>
      Reload for version {version}
    </Button>
  );
}

function timeOf(at: number, { dayOf, exactly, timeOfDay }: Clock): string {
  return dayOf(at) === dayOf(Date.now()) ? timeOfDay(at) : exactly(at);
}
