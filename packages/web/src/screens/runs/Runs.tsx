import { useState } from "react";
import { GitCompareArrows, Plus } from "lucide-react";
import { useLocation } from "wouter";
import { NotLive } from "../../app/NotLive.tsx";
import { Page } from "../../app/Page.tsx";
import type { RunSummaryDocument } from "@claude-orchestrator/protocol";
import { useAddress } from "../../data/useAddress.ts";
import { useParam } from "../../data/useParam.ts";
import { listKeys } from "../../keys/bindings.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Button } from "../../kit/Button.tsx";
import { Empty, ErrorNote, Loading } from "../../kit/Notes.tsx";
import { VirtualTable } from "../../kit/VirtualTable.tsx";
import { RowActions } from "../../palette/RowActions.tsx";
import { runRowItems } from "../../palette/rowItems.ts";
import { Filters } from "./Filters.tsx";
import { runColumns } from "./runColumns.tsx";
import { useFilteredRuns } from "./useFilteredRuns.ts";

/** Every run there is: filtered by what the address says, two of them compared. */
export function Runs() {
  const [text] = useParam("text");
  const [status] = useParam("status");
  const [since] = useParam("since");
  const [until] = useParam("until");
  const filter = { text, status, since, until };
  const { go } = useAddress();
  const { runs, total, error, retry } = useFilteredRuns(filter);
  const [at, setAt] = useState(0);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [, navigate] = useLocation();
  const [acted, actOn] = useState<RunSummaryDocument>();
  const toggle = (run: string): void => {
    setSelected((before) =>
      before.includes(run) ? before.filter((each) => each !== run) : [...before, run].slice(-2),
    );
  };
  useKeys({ [listKeys.search.keys]: () => document.getElementById("filter-text")?.focus() });
  return (
    <Page title="Runs" actions={<RunsActions selected={selected} />}>
      <NotLive />
      <Filters filter={filter} onChange={go} />
      {error === null ? null : <ErrorNote title="The list of runs cannot be read" error={error} retry={retry} />}
      {runs === undefined && error === null ? <Loading what="The list of runs" rows={10} /> : null}
      {runs?.length === 0 ? (
        <NoRuns
          total={total}
          isFiltered={`${text}${status}${since}${until}` !== ""}
          onClear={() => navigate("/runs")}
        />
      ) : null}
      {runs === undefined || runs.length === 0 ? null : (
        <VirtualTable
          label="Runs, newest first"
          columns={runColumns(selected, toggle)}
          rows={runs}
          keyOf={({ run }) => run}
          at={Math.min(at, runs.length - 1)}
          onMove={setAt}
          onOpen={({ run }) => navigate(`/runs/${run}`)}
          isSelected={({ run }) => selected.includes(run)}
          onSelect={({ run }) => toggle(run)}
          onActions={actOn}
        />
      )}
      {acted === undefined ? null : (
        <RowActions
          of={acted.name ?? acted.run}
          items={runRowItems(acted, document.baseURI)}
          onClose={() => actOn(undefined)}
        />
      )}
    </Page>
  );
}

function RunsActions({ selected }: { readonly selected: readonly string[] }) {
  const [, navigate] = useLocation();
  const [a, b] = selected;
  return (
    <>
      <Button
        icon={<GitCompareArrows />}
        disabled={a === undefined || b === undefined}
        title={b === undefined ? "Select two runs to compare them" : undefined}
        onClick={() => navigate(`/compare?a=${a ?? ""}&b=${b ?? ""}`)}
      >
        Compare
      </Button>
      <Button tone="primary" icon={<Plus />} onClick={() => navigate("/new")}>
        New run
      </Button>
    </>
  );
}

interface NoRunsProps {
  readonly total: number;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

function NoRuns({ total, isFiltered, onClear }: NoRunsProps) {
  if (!isFiltered) return <Empty title="There are no runs yet: New run begins one." />;
  return (
    <Empty title={`None of ${new Intl.NumberFormat("en").format(total)} runs match.`}>
      <Button onClick={onClear}>Clear the filter</Button>
    </Empty>
  );
}
