import { useState } from "react";
import { useDraft } from "../../../data/useDraft.ts";
import { useParam } from "../../../data/useParam.ts";
import { useKeys } from "../../../keys/useKeys.ts";
import { runKeys } from "../../../keys/bindings.ts";
import { Button } from "../../../kit/Button.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import styles from "./Changes.module.css";
import { areComments, areTexts, followUpPrompt } from "./followUp.ts";
import type { LineComment } from "./followUp.ts";
import { FileChange } from "./FileChange.tsx";
import { FileList } from "./FileList.tsx";
import type { DiffFile } from "./parseDiff.ts";
import { SendDialog } from "./SendDialog.tsx";

export interface ReviewProps {
  readonly id: string;
  readonly instance: string;
  readonly folder: string;
  readonly agent: string | undefined;
  readonly files: readonly DiffFile[];
}

/** Where one is: the file, and its line by place in the list. */
export interface At {
  readonly path: string;
  readonly index: number;
}

/** The files one by one. What is viewed and what is written of it is kept while the tab is open. */
export function Review({ id, instance, folder, agent, files }: ReviewProps) {
  const [comments, setComments] = useDraft<readonly LineComment[]>(`comments ${id} ${instance}`, [], areComments);
  const [viewed, setViewed] = useDraft<readonly string[]>(`viewed ${id} ${instance}`, [], areTexts);
  const [path] = useParam("file");
  const [at, setAt] = useState<At>();
  const [writing, write] = useState<At>();
  const [isSending, send] = useState(false);
  const [turned, turn] = useState<readonly string[]>([]);
  const current = at?.path ?? (path === "" ? files[0]?.path : path);
  const toggle = (list: readonly string[], each: string): readonly string[] =>
    list.includes(each) ? list.filter((other) => other !== each) : [...list, each];
  useKeys({
    [runKeys.comment.keys]: () => at !== undefined && write(at),
    [runKeys.expand.keys]: () => current !== undefined && turn(toggle(turned, current)),
    [runKeys.viewed.keys]: () => current !== undefined && setViewed(toggle(viewed, current)),
  });
  return (
    <div className={styles.columns}>
      <FileList files={files} viewed={viewed} current={current} />
      <div className={styles.list}>
        {files.map((file) => (
          <FileChange
            key={file.path}
            file={file}
            isCurrent={file.path === current}
            isViewed={viewed.includes(file.path)}
            isTurned={turned.includes(file.path)}
            at={at?.path === file.path ? at.index : undefined}
            writingAt={writing?.path === file.path ? writing.index : undefined}
            comments={comments.filter((comment) => comment.path === file.path)}
            onAt={(index) => setAt({ path: file.path, index })}
            onViewed={() => setViewed(toggle(viewed, file.path))}
            onTurn={() => turn(toggle(turned, file.path))}
            onWrite={(index) => write(index === undefined ? undefined : { path: file.path, index })}
            onComment={(comment) => {
              setComments([...comments, comment]);
              write(undefined);
            }}
            onRemove={(comment) => setComments(comments.filter((each) => each !== comment))}
          />
        ))}
        <Written comments={comments} onSend={() => send(true)} onDiscard={() => setComments([])} />
      </div>
      {isSending ? (
        <SendDialog
          instance={instance}
          folder={folder}
          agent={agent}
          prompt={followUpPrompt(comments)}
          onClose={() => send(false)}
          onSent={() => setComments([])}
        />
      ) : null}
    </div>
  );
}

interface WrittenProps {
  readonly comments: readonly LineComment[];
  readonly onSend: () => void;
  readonly onDiscard: () => void;
}

/** What was written so far, and what can be done with it. */
function Written({ comments, onSend, onDiscard }: WrittenProps) {
  if (comments.length === 0) return null;
  return (
    <div className={styles.review} role="region" aria-label="Your comments">
      <strong>{`${comments.length} ${comments.length === 1 ? "comment" : "comments"}`}</strong>
      <CopyButton text={followUpPrompt(comments)} what="the comments as a prompt" />
      <Button tone="primary" onClick={onSend}>
        Send to an agent
      </Button>
      <Button tone="quiet" onClick={onDiscard}>
        Discard them
      </Button>
    </div>
  );
}
