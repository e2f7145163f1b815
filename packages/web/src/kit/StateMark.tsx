import {
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleSlash,
  CircleStop,
  CircleX,
  Hourglass,
  LoaderCircle,
  OctagonAlert,
  TriangleAlert,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import styles from "./StateMark.module.css";

export type Tone = "running" | "good" | "warn" | "bad" | "waiting" | "idle";

interface Look {
  readonly tone: Tone;
  readonly word: string;
  readonly icon: LucideIcon;
}

/** By the word of a verdict, a phase or a run's standing. What is not in here is shown by its own word. */
const looks: Readonly<Record<string, Look>> = {
  running: { tone: "running", word: "running", icon: LoaderCircle },
  stopping: { tone: "warn", word: "stopping", icon: CircleStop },
  created: { tone: "idle", word: "not begun", icon: CircleDashed },
  rate_limited: { tone: "bad", word: "rate limited", icon: CircleX },
  blocked: { tone: "bad", word: "blocked", icon: CircleX },
  scheduled: { tone: "waiting", word: "scheduled", icon: Hourglass },
  held: { tone: "waiting", word: "held", icon: Hourglass },
  unsettled: { tone: "running", word: "not over", icon: LoaderCircle },
  waiting: { tone: "waiting", word: "waiting", icon: Hourglass },
  retrying: { tone: "waiting", word: "tries again", icon: Hourglass },
  ended: { tone: "running", word: "being decided", icon: LoaderCircle },
  paused: { tone: "waiting", word: "paused", icon: CirclePause },
  interrupted: { tone: "warn", word: "interrupted", icon: TriangleAlert },
  succeeded: { tone: "good", word: "succeeded", icon: CircleCheck },
  failed: { tone: "bad", word: "failed", icon: CircleX },
  budget_exceeded: { tone: "bad", word: "over budget", icon: OctagonAlert },
  timed_out: { tone: "bad", word: "timed out", icon: CircleX },
  incomplete: { tone: "warn", word: "incomplete", icon: TriangleAlert },
  stopped: { tone: "idle", word: "stopped", icon: CircleStop },
  skipped: { tone: "idle", word: "skipped", icon: CircleSlash },
  damaged: { tone: "bad", word: "damaged", icon: TriangleAlert },
};

/** The state of something, by icon, word and colour: never by colour alone. */
export function StateMark({ state, plain = false }: { readonly state: string; readonly plain?: boolean }) {
  const { tone, word, icon: Icon } = lookOf(state);
  const moves = tone === "running" ? styles.moving : undefined;
  return (
    <span className={[styles.mark, styles[tone], plain ? undefined : styles.filled].filter(Boolean).join(" ")}>
      <Icon aria-hidden="true" className={moves} />
      {word}
    </span>
  );
}

export function toneOf(state: string): Tone {
  return lookOf(state).tone;
}

export function stateWord(state: string): string {
  return lookOf(state).word;
}

function lookOf(state: string): Look {
  return looks[state] ?? { tone: "idle", word: state.replaceAll("_", " "), icon: CircleDashed };
}
