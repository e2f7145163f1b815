import { formatTokens, totalTokens } from "@claude-orchestrator/domain";
import { useEffect, useRef } from "react";
import { Virtualizer } from "virtua";
import type { VirtualizerHandle } from "virtua";
import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import { useParam } from "../../../data/useParam.ts";
import { Moment } from "../../../kit/Moment.tsx";
import { Money } from "../../../kit/Money.tsx";
import { Blocks } from "./Blocks.tsx";
import styles from "./Transcript.module.css";
import type { Turn } from "./transcriptBuilder.ts";

/** The turns, of any number. A line in the address is the turn that it stands in. */
export function TurnList({ turns }: { readonly turns: readonly Turn[] }) {
  const [lineText] = useParam("line");
  const list = useRef<VirtualizerHandle>(null);
  const line = Number.parseInt(lineText, 10) || 0;
  const marked = line === 0 ? -1 : turns.findLastIndex((turn) => turn.line <= line);
  useEffect(() => {
    if (marked > 0) list.current?.scrollToIndex(marked, { align: "start" });
    // Not as turns come: only where another line is meant.
  }, [line]);
  return (
    <div className={styles.list} tabIndex={0} role="region" aria-label="Turns, first to last">
      <Virtualizer ref={list} data={turns}>
        {(turn, index) => <TurnView key={turn.number} turn={turn} isMarked={index === marked} />}
      </Virtualizer>
    </div>
  );
}

function TurnView({ turn, isMarked }: { readonly turn: Turn; readonly isMarked: boolean }) {
  const { href } = useAddress();
  const { by, number, at, usage, cost, model, line, blocks } = turn;
  return (
    <article
      className={styles.turn}
      data-by={by}
      data-marked={isMarked ? "" : undefined}
      aria-label={`Turn ${number}, ${by === "agent" ? "the agent" : "said to it"}`}
    >
      <header>
        <strong>{by === "agent" ? `Turn ${number}` : "Said to it"}</strong>
        {at === undefined ? null : <Moment at={at} />}
        {model === undefined ? null : <span>{model}</span>}
        {usage === undefined ? null : (
          <span title={`${usage.input} in, ${usage.cacheRead} from the cache, ${usage.output} out`}>
            {formatTokens(totalTokens(usage))} tokens
          </span>
        )}
        {cost === undefined ? null : <Money usd={cost} />}
        <Link href={href({ tab: "log", line, stream: undefined })}>line {line}</Link>
      </header>
      <Blocks blocks={blocks} />
    </article>
  );
}
