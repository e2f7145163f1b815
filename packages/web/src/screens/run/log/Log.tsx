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
import { LogLines } from "./LogLines.tsx";
import { LogSearch } from "./LogSearch.tsx";
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
  const marked = Math.max(0, Number.parseInt(lineText, 10) || 0);
  const [follows, setFollows] = useState(marked === 0);
  const place = { instance, attempt, stream } as const;
  const mark = (line: number): void => {
    setFollows(false);
    setLine(line === 0 ? "" : String(line));
  };
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
        <LogSearch run={id} place={place} marked={marked} onMark={mark} />
        <label className={styles.follow}>
          <input type="checkbox" checked={follows} onChange={({ target }) => setFollows(target.checked)} />
          Follow the end
        </label>
        <a className={styles.download} href={api.rawLogAddress(id, place)} download>
          <Download aria-hidden="true" />
          Download
        </a>
      </div>
      {state.error === null ? null : <ErrorNote title="The output cannot be read" error={state.error} />}
      {state.total === undefined && state.error === null ? <Loading what="The output" rows={10} /> : null}
      {state.total === 0 ? (
        <Empty title={state.isOver ? "It printed nothing here." : "It has printed nothing here yet."} />
      ) : null}
      {state.total === undefined || state.total === 0 ? null : (
        <LogLines
          pages={pages}
          total={state.total}
          marked={marked}
          onMark={mark}
          follows={follows && !(state.isOver && marked > 0)}
          onFollow={setFollows}
        />
      )}
    </>
  );
}
