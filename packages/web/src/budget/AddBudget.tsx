import { useMutation } from "@tanstack/react-query";
import type { RunState } from "@claude-orchestrator/domain";
import { useId, useState } from "react";
import { announce } from "../app/announcer.ts";
import { api } from "../data/api.ts";
import { Button } from "../kit/Button.tsx";
import { Choice } from "../kit/Choice.tsx";
import { CommandLine } from "../kit/Copy.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { Field } from "../kit/Field.tsx";
import { ErrorNote } from "../kit/Notes.tsx";
import { amountProblem, amountWords, setCommand } from "./amountWords.ts";
import { newLimit } from "./newLimit.ts";
import type { NewLimit } from "./newLimit.ts";
import styles from "./SetBudget.module.css";
import type { SpendingStep } from "./spendingSteps.ts";
import { outcomeWords, readAmount } from "./wantedAmount.ts";
import type { BudgetUnit } from "./wantedAmount.ts";

export interface AddBudgetProps {
  /** The run's whole id. */
  readonly id: string;
  readonly state: RunState;
  readonly steps: readonly SpendingStep[];
  readonly onClose: () => void;
}

/** So many names are offered; any other is written. */
const mostOffered = 200;

const units = [
  { name: "cost_usd", title: "Dollars" },
  { name: "tokens", title: "Tokens" },
] as const;

/** A budget for a run that works and has none yet, or none of this kind; what comes of it is said before. */
export function AddBudget({ id, state, steps, onClose }: AddBudgetProps) {
  const [scope, setScope] = useState("run");
  const [unit, setUnit] = useState<BudgetUnit>("cost_usd");
  const [text, setText] = useState("");
  const form = useId();
  const amount = readAmount(unit, text);
  const word = scope.trim() === "" ? "run" : scope.trim();
  const planned = newLimit(state, steps, { scope: word, unit });
  const setting = useMutation({
    mutationFn: (wanted: number) => {
      return api.setBudget(id, { scope: word, ...(unit === "tokens" ? { tokens: wanted } : { cost_usd: wanted }) });
    },
    onSuccess: ({ message }) => {
      announce(message);
      onClose();
    },
  });
  const actions = (
    <>
      <Button onClick={onClose}>Leave it as it is</Button>
      <Button tone="primary" type="submit" form={form} disabled={setting.isPending || amount === undefined}>
        Set this budget
      </Button>
    </>
  );
  return (
    <Dialog title="A budget for this run" onClose={onClose} actions={actions}>
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== undefined && !setting.isPending) setting.mutate(amount);
        }}
      >
        <Choice label="What is counted" options={units} chosen={unit} onChoose={setUnit} />
        <Field
          label={unit === "tokens" ? "Tokens" : "Dollars"}
          inputMode="decimal"
          autoComplete="off"
          data-first-focus=""
          value={text}
          problem={amount === undefined && text !== "" ? amountProblem(unit) : undefined}
          hint={amount === undefined ? amountProblem(unit) : `That is ${amountWords(unit, amount)}.`}
          onValue={setText}
        />
        <ScopeField names={[...state.instances.keys()]} value={scope} onValue={setScope} />
        <p role="status">{planned === undefined ? "" : plannedWords(planned, amount)}</p>
        <p className={styles.note}>It stays when the run is resumed, until its file is changed and accepted.</p>
        <CommandLine command={setCommand(id, word, unit, amount)} />
      </form>
      {setting.error === null ? null : <ErrorNote title="No budget was set" error={setting.error} />}
    </Dialog>
  );
}

function plannedWords({ limit, spent, isNew }: NewLimit, amount: number | undefined): string {
  const said = `${amountWords(limit.unit, spent)} is spent of it.`;
  return amount === undefined ? said : `${said} ${outcomeWords({ ...limit, limit: amount }, spent, amount, isNew)}`;
}

interface ScopeFieldProps {
  readonly names: readonly string[];
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** Whose budget it is, as `budget set` names it: the server says what is wrong with a name. */
function ScopeField({ names, value, onValue }: ScopeFieldProps) {
  const list = useId();
  return (
    <>
      <Field
        label="Of what"
        autoComplete="off"
        list={list}
        value={value}
        hint="run, the name of an instance, a /COMMAND, or attempt:INSTANCE"
        onValue={onValue}
      />
      <datalist id={list}>
        {["run", ...names.slice(0, mostOffered)].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
