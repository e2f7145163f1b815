import { useState } from "react";
import { useDraft } from "../../../data/useDraft.ts";
import { useParam } from "../../../data/useParam.ts";
import { runKeys } from "../../../keys/bindings.ts";
import { useKeys } from "../../../keys/useKeys.ts";
import type { RowPlace } from "./DiffLines.tsx";
import { areComments, areTexts } from "./followUp.ts";
import type { LineComment } from "./followUp.ts";
import type { DiffFile } from "./parseDiff.ts";

/** Where one is: the file and the row, as the rows are shown now. */
interface At extends RowPlace {
  readonly path: string;
  readonly look: string;
}

export interface Review {
  readonly comments: readonly LineComment[];
  /** Paths of files that were read. */
  readonly viewed: readonly string[];
  /** Paths of files that are shown where they would be folded, or folded where they would be shown. */
  readonly turned: readonly string[];
  readonly current: string | undefined;
  readonly at: At | undefined;
  readonly writing: At | undefined;
  readonly setAt: (path: string, place: RowPlace) => void;
  readonly write: (path: string, place: RowPlace | undefined) => void;
  readonly view: (path: string) => void;
  readonly turn: (path: string) => void;
  readonly add: (comment: LineComment) => void;
  readonly remove: (comment: LineComment) => void;
  readonly discard: () => void;
}

export interface ReviewOf {
  readonly id: string;
  readonly instance: string;
  readonly files: readonly DiffFile[];
  /** Two looks of one name have the same rows. */
  readonly look: string;
}

/** What somebody has read and written of the changes, with the keys for it. Kept while the tab is open. */
export function useReview({ id, instance, files, look }: ReviewOf): Review {
  const [comments, setComments] = useDraft<readonly LineComment[]>(`comments ${id} ${instance}`, [], areComments);
  const [viewed, setViewed] = useDraft<readonly string[]>(`viewed ${id} ${instance}`, [], areTexts);
  const [path] = useParam("file");
  const [lastAt, setAt] = useState<At>();
  const [lastWriting, write] = useState<At>();
  const [turned, setTurned] = useState<readonly string[]>([]);
  // A row is another one where the rows are others.
  const at = lastAt?.look === look ? lastAt : undefined;
  const writing = lastWriting?.look === look ? lastWriting : undefined;
  const current = at?.path ?? (path === "" ? files[0]?.path : path);
  const view = (each: string): void => setViewed(toggled(viewed, each));
  const turn = (each: string): void => setTurned(toggled(turned, each));
  useKeys({
    [runKeys.comment.keys]: () => at !== undefined && write(at),
    [runKeys.expand.keys]: () => current !== undefined && turn(current),
    [runKeys.viewed.keys]: () => current !== undefined && view(current),
  });
  return {
    comments,
    viewed,
    turned,
    current,
    at,
    writing,
    setAt: (each, place) => setAt({ ...place, path: each, look }),
    write: (each, place) => write(place === undefined ? undefined : { ...place, path: each, look }),
    view,
    turn,
    add: (comment) => {
      setComments([...comments, comment]);
      write(undefined);
    },
    remove: (comment) => setComments(comments.filter((each) => each !== comment)),
    discard: () => setComments([]),
  };
}

function toggled(list: readonly string[], each: string): readonly string[] {
  return list.includes(each) ? list.filter((other) => other !== each) : [...list, each];
}
