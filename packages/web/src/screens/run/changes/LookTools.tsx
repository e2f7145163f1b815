import { Choice } from "../../../kit/Choice.tsx";
import styles from "./Changes.module.css";
import type { Look } from "./useLook.ts";

const views = [
  { name: "unified", title: "Unified" },
  { name: "split", title: "Side by side" },
] as const;

interface LookToolsProps {
  readonly look: Look;
  readonly files: number;
  readonly viewed: number;
}

/** How changes are shown, and how many of the files are viewed. */
export function LookTools({ look, files, viewed }: LookToolsProps) {
  return (
    <div className={styles.look}>
      <Choice label="How changes are shown" options={views} chosen={look.wanted} onChoose={look.chooseView} />
      <label>
        <input
          type="checkbox"
          checked={look.ignoresSpace}
          onChange={({ target }) => look.ignoreSpace(target.checked)}
        />
        Ignore white space
      </label>
      <span className={styles.note} role="status">
        {`${viewed} of ${files} ${files === 1 ? "file" : "files"} viewed`}
        {look.view === look.wanted ? "" : ". There is room for one column here"}
      </span>
    </div>
  );
}
