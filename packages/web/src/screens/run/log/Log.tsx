import { Download } from "lucide-react";
import { useState } from "react";
import { api } from "../../../data/api.ts";
import { useParam } from "../../../data/useParam.ts";
import { listKeys, runKeys } from "../../../keys/bindings.ts";
import { useKeys } from "../../../keys/useKeys.ts";
import { Empty, ErrorNote, Loading } from "../../../kit/Notes.tsx";
import { InstancePicker } from "../InstancePicker.tsx";
import type { TabProps } from "../tabs.ts";
import { useChosenAttempt } from "../useChosenAttempt.ts";
import styles from "./Log.module.css";
import { lineRangeText, readLineRange } from "./lineRange.ts";
import type { LineRange } from "./lineRange.ts";
import { LogLines } from "./LogLines.tsx";
import type { LogPages, LogState } from "./logPages.ts";
import { LogSearch } from "./LogSearch.tsx";
import { useLogSearch } from "./useLogSearch.ts";
import { useLogPages } from "./useLogPages.ts";

/** What an attempt printed, byte for byte as it came: searched, followed, linked to by line. */
export function Log({ id, state }: TabProps) {
  const chosen = useChosenAttempt(state);
  if (chosen.attempt === undefined) {
    return (
      <>
        <InstancePicker state={state} chosen={chosen} />
        <Empty title={`${chosen.instance ?? "Nothing"} has not begun: there is no output yet.`} />
      </>
    );
  }
  const place = { instance: chosen.instance ?? "", attempt: chosen.attempt.number };
  return (
    <div className={styles.log}>
      <InstancePicker state={state} chosen={chosen} />
      <Output key={`${place.instance}#${place.attempt}`} id={id} {...place} />
    </div>
  );
}

interface OutputProps {
  readonly id: string;
  readonly instance: string;
  readonly attempt: number;
}

function Output({ id, instance, attempt }: OutputProps) {
  const [streamText, setStream] = useParam("stream", "stdout");
  const stream = streamText === "stderr" ? "stderr" : "stdout";
  const [lineText, setLine] = useParam("line");
  const { pages, state } = useLogPages(id, instance, attempt, stream);
  // A link of another page may name lines after its `#`.
  const marked = readLineRange(lineText === "" ? location.hash : lineText);
  const [follows, setFollows] = useState(marked === undefined);
  const fresh = useFresh(pages, state.total, follows);
  const place = { instance, attempt, stream } as const;
  const search = useLogSearch(id, place);
  const mark = (range: LineRange | undefined): void => {
    setFollows(false);
    setLine(lineRangeText(range));
  };
  const markFound = (line: number): void => mark(line === 0 ? undefined : { from: line, to: line });
  useKeys({
    [runKeys.follow.keys]: () => setFollows(true),
    [listKeys.search.keys]: () => document.getElementById("filter-text")?.focus(),
  });
  return (
    <>
      <div className={styles.tools}>
        <label className={styles.field}>
          <span>Stream</span>
          <select value={stream} onChange={({ target }) => setStream(target.value)}>
            <option value="stdout">standard output</option>
            <option value="stderr">standard error</option>
          </select>
        </label>
        <LogSearch search={search} marked={marked?.from ?? 0} onMark={markFound} />
        <label className={styles.check}>
          <input type="checkbox" checked={follows} onChange={({ target }) => setFollows(target.checked)} />
          {fresh === 0 ? "Follow the end" : `Follow the end (${fresh.toLocaleString("en")} new)`}
        </label>
        <a className={styles.download} href={api.rawLogAddress(id, place)} download>
          <Download aria-hidden="true" />
          Download
        </a>
      </div>
      <Told state={state} />
      {state.total === undefined || state.total === 0 ? null : (
        <LogLines
          pages={pages}
          total={state.total}
          marked={marked}
          found={search.lines}
          onMark={mark}
          follows={follows && !(state.isOver && marked !== undefined)}
          onFollow={setFollows}
        />
      )}
    </>
  );
}

/** How many lines of this output have come since its end was left. */
function useFresh(pages: LogPages, total: number | undefined, follows: boolean): number {
  const [left, setLeft] = useState<{ readonly pages: LogPages; readonly total: number }>();
  if (follows && left !== undefined) setLeft(undefined);
  if (!follows && left?.pages !== pages && total !== undefined) setLeft({ pages, total });
  return left?.pages === pages ? Math.max(0, (total ?? 0) - left.total) : 0;
}

/** What there is to say where there are no lines to show. */
function Told({ state: { error, total, isOver } }: { readonly state: LogState }) {
  if (error !== null) return <ErrorNote title="The output cannot be read" error={error} />;
  if (total === undefined) return <Loading what="The output" rows={10} />;
  if (total > 0) return null;
  return <Empty title={isOver ? "It printed nothing here." : "It has printed nothing here yet."} />;
}
