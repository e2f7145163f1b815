import { formatTokens } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useAddress } from "../../../data/useAddress.ts";
import type { Address } from "../../../data/useAddress.ts";
import { Lasting } from "../../../kit/Lasting.tsx";
import { Money } from "../../../kit/Money.tsx";
import { Empty } from "../../../kit/Notes.tsx";
import { StateMark } from "../../../kit/StateMark.tsx";
import { VirtualTable } from "../../../kit/VirtualTable.tsx";
import type { Column } from "../../../kit/VirtualTable.tsx";
import { RowActions } from "../../../palette/RowActions.tsx";
import { instanceRowItems } from "../../../palette/rowItems.ts";
import { InstanceActions } from "./InstanceActions.tsx";
import { InstanceRows } from "./instanceRows.ts";
import type { InstanceRow } from "./instanceRows.ts";
import styles from "./Overview.module.css";

/** Every instance of the run, what failed first. */
export function InstanceTable({ id, state }: { readonly id: string; readonly state: RunState }) {
  const [made] = useState(() => new InstanceRows());
  const rows = useMemo(() => made.of(state), [made, state]);
  const [wanted, setAt] = useState(0);
  const [acted, actOn] = useState<string>();
  const address = useAddress();
  const at = Math.max(0, Math.min(wanted, rows.length - 1));
  const open = (row: InstanceRow | undefined): void => {
    if (row !== undefined) address.go(logOf(row), { push: true });
  };
  const chosen = state.instances.get(acted ?? "");
  if (rows.length === 0) return <Empty title="The plan has no instance: nothing is to be done." />;
  return (
    <>
      <VirtualTable
        label="Instances, what failed first"
        columns={columnsOf(id, state, address)}
        rows={rows}
        keyOf={({ name }) => name}
        at={at}
        onMove={setAt}
        onOpen={open}
        onActions={({ name }) => actOn(name)}
      />
      {chosen === undefined ? null : (
        <RowActions of={chosen.name} items={instanceRowItems(id, chosen)} onClose={() => actOn(undefined)} />
      )}
    </>
  );
}

function logOf({ name }: InstanceRow) {
  return { tab: "log", instance: name, attempt: undefined, line: undefined };
}

function columnsOf(id: string, state: RunState, { href }: Address): readonly Column<InstanceRow>[] {
  return [
    { name: "state", title: "State", width: "8.5rem", cell: ({ standing }) => <StateMark state={standing} /> },
    {
      name: "instance",
      title: "Instance",
      width: "minmax(10rem, 3fr)",
      cell: (row) => (
        <span className={styles.instance}>
          <Link href={href(logOf(row))}>{row.name}</Link>
          {row.words === "" ? null : <span className={styles.words}>{row.words.slice(0, 400)}</span>}
        </span>
      ),
    },
    { name: "attempts", title: "Attempts", width: "4.5rem", isNumber: true, cell: attemptsCell },
    { name: "lasted", title: "Lasted", width: "4.5rem", isNumber: true, cell: lastedCell },
    {
      name: "tokens",
      title: "Tokens",
      width: "4.5rem",
      isNumber: true,
      cell: ({ tokens }) => (tokens === 0 ? "" : formatTokens(tokens)),
    },
    { name: "cost", title: "Cost", width: "5.5rem", isNumber: true, cell: costCell },
    { name: "checks", title: "Checks", width: "6rem", cell: checksCell },
    {
      name: "actions",
      title: "Actions",
      width: "4rem",
      cell: ({ name }) => <ActionsCell id={id} state={state} name={name} />,
    },
  ];
}

function attemptsCell({ attempts }: InstanceRow) {
  return attempts === 0 ? "" : attempts;
}

function lastedCell({ since, until }: InstanceRow) {
  return since === undefined ? "" : <Lasting since={since} until={until} />;
}

function costCell({ cost, tokens, isBound }: InstanceRow) {
  return tokens === 0 && cost === 0 ? "" : <Money usd={cost} isBound={isBound} />;
}

function checksCell({ checks, checksOk, denied }: InstanceRow) {
  return (
    <span className={styles.instance}>
      {checks === 0 ? null : (
        <span className={checksOk < checks ? styles.bad : undefined}>{`${checksOk} of ${checks} hold`}</span>
      )}
      {denied === 0 ? null : <span className={styles.bad}>{`${denied} denied`}</span>}
    </span>
  );
}

function ActionsCell({ id, state, name }: { readonly id: string; readonly state: RunState; readonly name: string }) {
  const instance = state.instances.get(name);
  if (instance === undefined) return null;
  return (
    <span className={styles.actions}>
      <InstanceActions id={id} instance={instance} iconOnly />
    </span>
  );
}
