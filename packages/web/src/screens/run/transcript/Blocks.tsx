import { formatBytes } from "@claude-orchestrator/domain";
import { shortly } from "../../../kit/Lasting.tsx";
import { toolVerb } from "./toolWords.ts";
import styles from "./Transcript.module.css";
import type { Block, ToolCall } from "./transcriptBuilder.ts";

const longestShown = 20_000;
const longestFirst = 4_000;

/** What was said and done, in its order. */
export function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return blocks.map((block, index) => <BlockView key={`${block.line} ${index}`} block={block} />);
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case "text":
      return <LongText text={block.text} />;
    case "thinking":
      return (
        <details className={styles.folded}>
          <summary>thought, {words(block.text)}</summary>
          <p className={styles.text}>{block.text.slice(0, longestShown)}</p>
        </details>
      );
    case "note":
      return <p className={block.isBad ? styles.bad : styles.note}>{block.text.slice(0, longestShown)}</p>;
    case "tool":
      return <Call call={block} />;
  }
}

function LongText({ text }: { readonly text: string }) {
  if (text.length <= longestFirst) return <p className={styles.text}>{text}</p>;
  return (
    <>
      <p className={styles.text}>{text.slice(0, longestFirst)}</p>
      <details className={styles.folded}>
        <summary>the rest, {words(text.slice(longestFirst))}</summary>
        <p className={styles.text}>{text.slice(longestFirst, longestFirst + 10 * longestShown)}</p>
      </details>
    </>
  );
}

function words(text: string): string {
  const count = text.trim().split(/\s+/).length;
  return `${count.toLocaleString("en")} ${count === 1 ? "word" : "words"}`;
}

function Call({ call }: { readonly call: ToolCall }) {
  const { tool, object, input, result, children } = call;
  const stands = standingOf(call);
  return (
    <details className={`${styles.folded} ${styles.call}`} data-state={stands}>
      <summary>
        {toolVerb(tool)} <code>{object.slice(0, 200)}</code> <ResultWords call={call} stands={stands} />
      </summary>
      <div className={styles.inside}>
        <pre tabIndex={0} role="region" aria-label={`What ${tool} was given`}>
          {input.slice(0, longestShown)}
        </pre>
        {children.length === 0 ? null : (
          <div className={styles.children}>
            <Blocks blocks={children} />
          </div>
        )}
        {result === undefined ? null : (
          <pre tabIndex={0} role="region" aria-label={`What ${tool} answered`}>
            {result.text === "" ? "(nothing)" : result.text.slice(0, longestShown)}
            {result.text.length > longestShown ? "\n… the rest is in the log" : ""}
          </pre>
        )}
      </div>
    </details>
  );
}

function standingOf({ isDenied, result }: ToolCall): "denied" | "failed" | "open" | "done" {
  if (isDenied) return "denied";
  if (result === undefined) return "open";
  return result.ok ? "done" : "failed";
}

function ResultWords({ call, stands }: { readonly call: ToolCall; readonly stands: string }) {
  const { result, from } = call;
  if (stands === "denied") return <span className={styles.bad}>denied</span>;
  if (result === undefined) return <span>no answer yet</span>;
  const time = from === undefined || result.to === undefined ? "" : `, ${shortly(Math.max(0, result.to - from))}`;
  const size = `${formatBytes(result.text.length)}${time}`;
  return result.ok ? <span>{size}</span> : <span className={styles.bad}>failed, {size}</span>;
}
