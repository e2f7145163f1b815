import { useQuery } from "@tanstack/react-query";
import { Link, Redirect, useParams } from "wouter";
import { Page } from "../../app/Page.tsx";
import { api } from "../../data/api.ts";
import { useConnection, useRun } from "../../data/LiveProvider.tsx";
import { runStanding } from "../../data/totals.ts";
import { useParam } from "../../data/useParam.ts";
import { ErrorNote, Loading, StaleNote } from "../../kit/Notes.tsx";
import { stateWord } from "../../kit/StateMark.tsx";
import { Tabs } from "../../kit/Tabs.tsx";
import { RunActions } from "./RunActions.tsx";
import { RunHead } from "./RunHead.tsx";
import { runTabs } from "./tabs.ts";
import { useRunKeys } from "./useRunKeys.ts";

/** One run: what it is doing, why it ended so, and everything that is known of it, a tab for each way of looking at it. */
export function Run() {
  const { run: asked } = useParams<{ run: string }>();
  // `latest` and the beginnings of ids are addresses too: the server knows what they mean.
  const isWhole = /^run_[0-9a-z]{10}$/.test(asked);
  const resolved = useQuery({ queryKey: ["run-id", asked], queryFn: () => api.run(asked), enabled: !isWhole });
  if (isWhole) return <KnownRun id={asked} />;
  if (resolved.data !== undefined) return <Redirect to={`/runs/${resolved.data.run}${location.search}`} replace />;
  return (
    <Page title="Run">
      {resolved.error === null ? (
        <Loading what="The run" />
      ) : (
        <ErrorNote title="There is no such run" error={resolved.error} />
      )}
    </Page>
  );
}

function KnownRun({ id }: { readonly id: string }) {
  const folded = useRun(id);
  const { is } = useConnection();
  const [tab, setTab] = useParam("tab", "overview");
  const { state } = folded;
  const chosen = runTabs.find(({ name }) => name === tab) ?? runTabs[0];
  useRunKeys(folded, setTab);
  const title = state?.plan.name ?? id;
  const crumbs = (
    <>
      <Link href="/runs">Runs</Link>
      <span aria-hidden="true">/</span>
      <code>{id}</code>
    </>
  );
  if (state === undefined || chosen === undefined) {
    return (
      <Page title={title} crumbs={crumbs}>
        {folded.lost === undefined ? (
          <Loading what="The run" rows={8} />
        ) : (
          <ErrorNote title="This run cannot be read" error={folded.lost} />
        )}
      </Page>
    );
  }
  const Tab = chosen.tab;
  const windowTitle = `${stateWord(runStanding(state))}: ${title}`;
  return (
    <Page title={title} crumbs={crumbs} windowTitle={windowTitle} actions={<RunActions id={id} state={state} />}>
      {is === "reconnecting" ? <StaleNote>The server does not answer. This is the run as it was.</StaleNote> : null}
      <RunHead id={id} folded={folded} state={state} />
      <div>
        <Tabs label="Ways of looking at the run" tabs={runTabs} chosen={chosen.name} onChoose={setTab}>
          <Tab id={id} folded={folded} state={state} />
        </Tabs>
      </div>
    </Page>
  );
}
