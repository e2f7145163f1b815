import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useLocation } from "wouter";
import { NotLive } from "../../app/NotLive.tsx";
import { Page } from "../../app/Page.tsx";
import { api } from "../../data/api.ts";
import { useRunList } from "../../data/LiveProvider.tsx";
import { Button } from "../../kit/Button.tsx";
import { ErrorNote, Loading } from "../../kit/Notes.tsx";
import { Bands } from "./Bands.tsx";
import { FirstRun } from "./FirstRun.tsx";

/** The page one opens ten times a day: what needs somebody, what runs, what has just ended. */
export function Now() {
  const runs = useRunList();
  const [, navigate] = useLocation();
  const session = useQuery({ queryKey: ["session"], queryFn: api.session });
  const actions = (
    <Button tone="primary" icon={<Plus />} onClick={() => navigate("/new")}>
      New run
    </Button>
  );
  return (
    <Page title="Now" actions={actions}>
      {runs === undefined ? null : <NotLive />}
      {session.error === null || runs !== undefined ? null : (
        <ErrorNote
          title="This page could not ask the server"
          error={session.error}
          retry={() => void session.refetch()}
        />
      )}
      {runs === undefined ? <Loading what="What runs now" /> : null}
      {runs?.length === 0 ? <FirstRun hasDemo={session.data?.demo === true} /> : null}
      {runs === undefined || runs.length === 0 ? null : <Bands runs={runs} />}
    </Page>
  );
}
