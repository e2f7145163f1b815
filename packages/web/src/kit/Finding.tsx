import { CircleCheck, CircleDashed, CircleX, TriangleAlert } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { CommandLine } from "./Copy.tsx";
import styles from "./Finding.module.css";

export interface FindingProps {
  readonly state: "good" | "warn" | "bad" | "idle";
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do: the words between back quotes are commands, and can be copied. */
  readonly fix?: string | undefined;
}

const looks: Readonly<Record<FindingProps["state"], { readonly icon: LucideIcon; readonly word: string }>> = {
  good: { icon: CircleCheck, word: "good" },
  warn: { icon: TriangleAlert, word: "look at it" },
  bad: { icon: CircleX, word: "wrong" },
  idle: { icon: CircleDashed, word: "not here" },
};

/** Something that was looked at: whether it is as it should be, and what to do where it is not. */
export function Finding({ state, title, children, fix }: FindingProps) {
  const { icon: Icon, word } = looks[state];
  return (
    <div className={styles.finding}>
      <Icon aria-hidden="true" className={styles[state]} />
      <div className={styles.text}>
        <p className={styles.title}>
          <span className="hidden">{word}: </span>
          {title}
        </p>
        {children === undefined ? null : <p className={styles.detail}>{children}</p>}
        {fix === undefined ? null : <Fix fix={fix} />}
      </div>
    </div>
  );
}

function Fix({ fix }: { readonly fix: string }) {
  const commands = [...fix.matchAll(/`([^`]+)`/g)]
    .map(([, command = ""]) => command)
    .filter((text) => /^[^/]\S* /.test(text));
  return (
    <>
      <p>{fix.replaceAll("`", "")}</p>
      {commands.map((command) => (
        <CommandLine key={command} command={command} />
      ))}
    </>
  );
}
