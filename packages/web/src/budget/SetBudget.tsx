import { useMutation } from "@tanstack/react-query";
import { scopeLabel } from "@claude-orchestrator/domain";
import type { BudgetLimit } from "@claude-orchestrator/domain";
import { useId, useState } from "react";
import { announce } from "../app/announcer.ts";
import { api } from "../data/api.ts";
import { scopeWords } from "../data/budgetWords.ts";
import { Button } from "../kit/Button.tsx";
import { CommandLine } from "../kit/Copy.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { Field } from "../kit/Field.tsx";
import { ErrorNote } from "../kit/Notes.tsx";
import { amountProblem, amountWords, setCommand } from "./amountWords.ts";
import styles from "./SetBudget.module.css";
import { outcomeWords, readAmount, suggested } from "./wantedAmount.ts";

export interface SetBudgetProps {
  /** The run's whole id. */
  readonly id: string;
  readonly limit: BudgetLimit;
  readonly spent: number;
  /** Names of those that the budget has ended: they are asked for again. */
  readonly again?: readonly string[];
  readonly onClose: () => void;
}

/** Another amount for a budget of a run that works; what comes of it is said before. */
export function SetBudget({ id, limit, spent, again = [], onClose }: SetBudgetProps) {
  const [text, setText] = useState(() => suggested(limit, spent));
  const form = useId();
  const { scope, unit } = limit;
  const amount = readAmount(unit, text);
  const setting = useMutation({
    mutationFn: (wanted: number) => set(id, limit, wanted, again),
    onSuccess: (message) => {
      announce(message);
      onClose();
    },
  });
  const amountText = (value: number): string => amountWords(unit, value);
  const actions = (
    <>
      <Button onClick={onClose}>Leave it as it is</Button>
      <Button tone="primary" type="submit" form={form} disabled={setting.isPending || amount === undefined}>
        {again.length === 0 ? "Set this amount" : "Set it and go on"}
      </Button>
    </>
  );
  return (
    <Dialog title={`Another budget for ${scopeWords(scope)}`} onClose={onClose} actions={actions}>
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== undefined && !setting.isPending) setting.mutate(amount);
        }}
      >
        <p>
          {amountText(spent)} of {amountText(limit.limit)} is spent.
        </p>
        <Field
          label={unit === "tokens" ? "Tokens" : "Dollars"}
          inputMode="decimal"
          autoComplete="off"
          data-first-focus=""
          value={text}
          problem={amount === undefined ? amountProblem(unit) : undefined}
          hint={amount === undefined ? undefined : `That is ${amountText(amount)}.`}
          onValue={setText}
        />
        <p role="status">
          {amount === undefined ? "" : outcomeWords(limit, spent, amount)} {againWords(again)}
        </p>
        <p className={styles.note}>It stays when the run is resumed, until its file is changed and accepted.</p>
        <CommandLine command={setCommand(id, scopeLabel(scope), unit, amount)} />
      </form>
      {setting.error === null ? null : <ErrorNote title="The budget is as it was" error={setting.error} />}
    </Dialog>
  );
}

async function set(id: string, limit: BudgetLimit, amount: number, again: readonly string[]): Promise<string> {
  const wanted = limit.unit === "tokens" ? { tokens: amount } : { cost_usd: amount };
  const { message } = await api.setBudget(id, { scope: scopeLabel(limit.scope), ...wanted });
  if (again.length === 0) return message;
  return `${message}; ${(await api.retry(id, { instances: [...again] })).message}`;
}

function againWords(again: readonly string[]): string {
  if (again.length === 0) return "";
  if (again.length === 1) return `${again[0] ?? ""}, which it ended, goes on in its session.`;
  return `The ${again.length} instances it ended go on in their sessions.`;
}
