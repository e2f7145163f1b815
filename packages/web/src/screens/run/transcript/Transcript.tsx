import { formatTokens, totalTokens } from "@claude-orchestrator/domain";
import type { AttemptState } from "@claude-orchestrator/domain";
import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import { Card } from "../../../kit/Card.tsx";
import { Money } from "../../../kit/Money.tsx";
import { Empty, ErrorNote, Loading } from "../../../kit/Notes.tsx";
import { InstancePicker } from "../InstancePicker.tsx";
import type { TabProps } from "../tabs.ts";
import { useChosenAttempt } from "../useChosenAttempt.ts";
import styles from "./Transcript.module.css";
import type { Transcript as Whole, Turn } from "./transcriptBuilder.ts";
import { usageOfTurns } from "./transcriptBuilder.ts";
import { TurnList } from "./TurnList.tsx";
import { useTranscript } from "./useTranscript.ts";

/** What an attempt's agent said, thought and did, turn by turn: read from what it printed, shown as text. */
export function Transcript({ id, state }: TabProps) {
  const chosen = useChosenAttempt(state);
  const { instance = "", attempt } = chosen;
  return (
    <div className={styles.transcript}>
      <InstancePicker state={state} chosen={chosen} />
      {attempt === undefined ? (
        <Empty title={`${instance === "" ? "Nothing" : instance} has not begun: nothing was said yet.`} />
      ) : (
        <Heard key={`${instance}#${attempt.number}`} id={id} instance={instance} attempt={attempt} />
      )}
    </div>
  );
}

interface HeardProps {
  readonly id: string;
  readonly instance: string;
  readonly attempt: AttemptState;
}

function Heard({ id, instance, attempt }: HeardProps) {
  const { transcript, isOver, isCut, lines, error } = useTranscript(id, instance, attempt.number);
  const { href } = useAddress();
  const log = <Link href={href({ tab: "log", line: undefined })}>Open the log</Link>;
  if (transcript === undefined) {
    return error === null ? (
      <Loading what="The transcript" rows={8} />
    ) : (
      <ErrorNote title="The output cannot be read" error={error} />
    );
  }
  const { turns, unread } = transcript;
  if (turns.length === 0) return <Empty title={emptyWords(attempt, unread, isOver)}>{log}</Empty>;
  return (
    <>
      {error === null ? null : <ErrorNote title="What comes next cannot be read" error={error} />}
      <Figures turns={turns} attempt={attempt} />
      {isCut ? (
        <p className={styles.note}>
          This is what its first {lines.toLocaleString("en")} lines tell. The rest is in the log. {log}
        </p>
      ) : null}
      <Columns transcript={transcript} />
      {unread === 0 ? null : (
        <p className={styles.note}>
          {unread} {unread === 1 ? "line is" : "lines are"} of a kind not known: the log has them. {log}
        </p>
      )}
    </>
  );
}

function emptyWords({ agent }: AttemptState, unread: number, isOver: boolean): string {
  if (unread > 0) return `What ${agent} prints has no turns: the log has it as it came.`;
  return isOver ? "It said nothing." : "It has said nothing yet.";
}

function Figures({ turns, attempt }: { readonly turns: readonly Turn[]; readonly attempt: AttemptState }) {
  const usage = usageOfTurns(turns);
  const calls = Object.values(attempt.tools).reduce((sum, count) => sum + count, 0);
  const cost = Object.values(attempt.spent.byModel).reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
  return (
    <dl className={styles.summary}>
      <div>
        <dt>Agent</dt>
        <dd>
          {attempt.agent}
          {attempt.agentVersion === undefined ? "" : ` ${attempt.agentVersion}`}
        </dd>
      </div>
      {attempt.model === undefined ? null : (
        <div>
          <dt>Model</dt>
          <dd>{attempt.model}</dd>
        </div>
      )}
      <div>
        <dt>Turns</dt>
        <dd>{turns.filter(({ by }) => by === "agent").length}</dd>
      </div>
      <div>
        <dt>Tool calls</dt>
        <dd>{calls}</dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>{formatTokens(totalTokens(attempt.spent.usage) || (usage === undefined ? 0 : totalTokens(usage)))}</dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd>
          <Money usd={cost} isBound={!attempt.spent.final} />
        </dd>
      </div>
    </dl>
  );
}

function Columns({ transcript: { turns, files, denied } }: { readonly transcript: Whole }) {
  const { href } = useAddress();
  const isSingle = files.length === 0 && denied.length === 0;
  return (
    <div className={styles.columns} data-single={isSingle ? "" : undefined}>
      <TurnList turns={turns} />
      {isSingle ? null : (
        <div className={styles.aside}>
          {denied.length === 0 ? null : (
            <Card title="Denied">
              <ul className={styles.files}>
                {denied.map(({ tool, object, line }) => (
                  <li key={line}>
                    <Link href={href({ line })}>{object === "" ? tool : object}</Link>
                    <span>{tool}</span>
                  </li>
                ))}
              </ul>
            </Card>
          )}
          {files.length === 0 ? null : (
            <Card title="Files touched">
              <ul className={styles.files}>
                {files.map(({ path, reads, writes, line }) => (
                  <li key={path}>
                    <Link href={href({ line })}>{path}</Link>
                    <span>
                      {writes > 0
                        ? `changed${writes > 1 ? ` ×${writes}` : ""}`
                        : `read${reads > 1 ? ` ×${reads}` : ""}`}
                    </span>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
      )}
    </div>
  );
}
