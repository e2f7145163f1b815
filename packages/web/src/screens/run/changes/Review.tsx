import { useState } from "react";
import { Button } from "../../../kit/Button.tsx";
import { CopyButton } from "../../../kit/Copy.tsx";
import styles from "./Changes.module.css";
import { FileChange } from "./FileChange.tsx";
import { FileList } from "./FileList.tsx";
import { followUpPrompt } from "./followUp.ts";
import type { LineComment } from "./followUp.ts";
import { LookTools } from "./LookTools.tsx";
import type { DiffFile } from "./parseDiff.ts";
import { SendDialog } from "./SendDialog.tsx";
import { useHighlighting } from "./useHighlighting.ts";
import { useLook } from "./useLook.ts";
import { useReview } from "./useReview.ts";

export interface ReviewProps {
  readonly id: string;
  readonly instance: string;
  readonly folder: string;
  readonly agent: string | undefined;
  readonly files: readonly DiffFile[];
}

/** The files one by one. What is viewed and what is written of it is kept while the tab is open. */
export function Review({ id, instance, folder, agent, files }: ReviewProps) {
  const look = useLook();
  const highlighting = useHighlighting();
  const review = useReview({ id, instance, files, look: look.name });
  const { comments, viewed, current, at, writing } = review;
  const [isSending, send] = useState(false);
  return (
    <div className={styles.columns}>
      <LookTools look={look} files={files.length} viewed={viewed.length} />
      <FileList files={files} viewed={viewed} current={current} />
      <div className={styles.list}>
        {files.map((file) => (
          <FileChange
            key={file.path}
            file={file}
            isCurrent={file.path === current}
            isViewed={viewed.includes(file.path)}
            isTurned={review.turned.includes(file.path)}
            view={look.view}
            ignoresSpace={look.ignoresSpace}
            highlighting={highlighting}
            at={at?.path === file.path ? at : undefined}
            writingAt={writing?.path === file.path ? writing : undefined}
            comments={comments.filter((comment) => comment.path === file.path)}
            onAt={(place) => review.setAt(file.path, place)}
            onViewed={() => review.view(file.path)}
            onTurn={() => review.turn(file.path)}
            onWrite={(place) => review.write(file.path, place)}
            onComment={review.add}
            onRemove={review.remove}
          />
        ))}
        <Written comments={comments} onSend={() => send(true)} onDiscard={review.discard} />
      </div>
      {isSending ? (
        <SendDialog
          instance={instance}
          folder={folder}
          agent={agent}
          prompt={followUpPrompt(comments)}
          onClose={() => send(false)}
          onSent={review.discard}
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
