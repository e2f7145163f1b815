import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useDeferredValue } from "react";
import { api } from "../../../data/api.ts";
import type { LogPlace } from "../../../data/api.ts";
import { useParam } from "../../../data/useParam.ts";
import { Button } from "../../../kit/Button.tsx";
import styles from "./Log.module.css";

export interface LogSearchProps {
  readonly run: string;
  readonly place: LogPlace;
  readonly marked: number;
  readonly onMark: (line: number) => void;
}

/** Searches the whole output where it lies, and goes from one line that has the text to the next. */
export function LogSearch({ run, place, marked, onMark }: LogSearchProps) {
  const [text, setText] = useParam("find");
  const wanted = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ["log-search", run, place, wanted],
    queryFn: ({ signal }) => api.searchLog(run, { ...place, text: wanted, limit: 1000 }, signal),
    enabled: wanted !== "",
  });
  const lines = wanted === "" ? [] : (found.data?.matches ?? []).map(({ line }) => line);
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
        <input id="filter-text" type="search" value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      <Button iconOnly icon={<ChevronUp />} disabled={lines.length === 0} onClick={previous}>
        Previous line with it
      </Button>
      <Button iconOnly icon={<ChevronDown />} disabled={lines.length === 0} onClick={next}>
        Next line with it
      </Button>
      <span role="status" className={styles.count}>
        {wanted === "" ? "" : countWords(lines.indexOf(marked), found.data, found.error)}
      </span>
    </form>
  );
}

function countWords(
  at: number,
  data: { readonly total: number; readonly is_complete: boolean } | undefined,
  error: unknown,
): string {
  if (error !== null) return error instanceof Error ? error.message : "it could not be searched";
  if (data === undefined) return "searching";
  if (data.total === 0) return "not in it";
  const total = `${data.is_complete ? "" : "at least "}${new Intl.NumberFormat("en").format(data.total)}`;
  return at === -1 ? `${total} ${data.total === 1 ? "line" : "lines"}` : `${at + 1} of ${total}`;
}
