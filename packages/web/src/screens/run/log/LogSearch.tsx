import { ChevronDown, ChevronUp } from "lucide-react";
import { RequestProblem } from "../../../data/ask.ts";
import { Button } from "../../../kit/Button.tsx";
import styles from "./Log.module.css";
import type { LogSearchState } from "./useLogSearch.ts";

/** What programs write where something went wrong, as words of their own. */
const errorPattern = "\\b(error|errors|fail|failed|failure|fatal|panic|exception|traceback)\\b";

export interface LogSearchProps {
  readonly search: LogSearchState;
  readonly marked: number;
  readonly onMark: (line: number) => void;
}

/** Searches the whole output where it lies, and goes from one line that has the text to the next. */
export function LogSearch({ search, marked, onMark }: LogSearchProps) {
  const { text, isPattern, lines, found } = search;
  const next = (): void => onMark(lines.find((line) => line > marked) ?? lines[0] ?? 0);
  const previous = (): void => onMark(lines.findLast((line) => line < marked) ?? lines.at(-1) ?? 0);
  return (
    <form
      role="search"
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <label className={styles.field}>
        <span>Find</span>
        <input
          id="filter-text"
          type="search"
          value={text}
          aria-invalid={found.error === null ? undefined : true}
          aria-describedby="search-told"
          onChange={({ target }) => search.look(target.value, isPattern)}
        />
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={isPattern} onChange={({ target }) => search.look(text, target.checked)} />
        Regular expression
      </label>
      <Button iconOnly icon={<ChevronUp />} disabled={lines.length === 0} onClick={previous}>
        Previous line with it
      </Button>
      <Button iconOnly icon={<ChevronDown />} disabled={lines.length === 0} onClick={next}>
        Next line with it
      </Button>
      <Button disabled={text === errorPattern && isPattern} onClick={() => search.look(errorPattern, true)}>
        Find errors
      </Button>
      <span role="status" id="search-told" className={found.error === null ? styles.count : styles.problem}>
        {text.trim() === "" ? "" : countWords(lines.indexOf(marked), found.data, found.error)}
      </span>
    </form>
  );
}

function countWords(
  at: number,
  data: { readonly total: number; readonly is_complete: boolean } | undefined,
  error: unknown,
): string {
  if (error instanceof RequestProblem) return error.problem.detail ?? error.message;
  if (error !== null) return error instanceof Error ? error.message : "it could not be searched";
  if (data === undefined) return "searching";
  if (data.total === 0) return "not in it";
  const total = `${data.is_complete ? "" : "at least "}${new Intl.NumberFormat("en").format(data.total)}`;
  return at === -1 ? `${total} ${data.total === 1 ? "line" : "lines"}` : `${at + 1} of ${total}`;
}
