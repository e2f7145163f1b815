import { useMutation, useQuery } from "@tanstack/react-query";
import { LogOut, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import type { Answer, Routes } from "@claude-orchestrator/protocol";
import { Page } from "../../app/Page.tsx";
import { api } from "../../data/api.ts";
import { useLive, useServerVersion } from "../../data/LiveProvider.tsx";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import { Finding } from "../../kit/Finding.tsx";
import { Moment } from "../../kit/Moment.tsx";
import { ErrorNote, Loading } from "../../kit/Notes.tsx";
import styles from "./System.module.css";

type Session = Answer<Routes["getSession"]>;

const order = ["bad", "warn", "good"];

/** What on the server's machine keeps runs from working, who is signed in, and which program answers. */
export function System() {
  return (
    <Page title="System">
      <Checkup />
      <Server />
    </Page>
  );
}

function Checkup() {
  const { data, error, refetch, isFetching } = useQuery({ queryKey: ["checkup"], queryFn: api.checkup });
  const findings = data?.findings.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)) ?? [];
  const again = (
    <Button icon={<RefreshCw />} disabled={isFetching} onClick={() => void refetch()}>
      {isFetching ? "Looking" : "Look again"}
    </Button>
  );
  return (
    <Card title="The machine" aside={again}>
      {error === null ? null : (
        <ErrorNote title="The machine cannot be looked at" error={error} retry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Loading what="What was found" rows={8} /> : null}
      {data === undefined ? null : (
        <>
          <p className={styles.verdict}>
            {data.ok ? "Runs can work here." : "Something here keeps runs from working."} {countWords(findings)}
          </p>
          <ul className={styles.findings}>
            {findings.map(({ state, what, detail, ...rest }) => (
              <li key={`${what} ${detail}`}>
                <Finding state={state} title={what} fix={typeof rest["fix"] === "string" ? rest["fix"] : undefined}>
                  {detail}
                </Finding>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function countWords(findings: readonly { readonly state: string }[]): string {
  const open = findings.filter(({ state }) => state !== "good").length;
  if (open === 0) return "Everything is as it should be.";
  return open === 1 ? "One thing could be better." : `${open} things could be better.`;
}

function Server() {
  const session = useQuery({ queryKey: ["session"], queryFn: api.session });
  const version = useServerVersion();
  const live = useLive();
  const signingOut = useMutation({
    mutationFn: api.signOut,
    // The stream is ended with the session: asked again, it finds that nobody is signed in.
    onSuccess: () => live.connect(),
  });
  const signOut = (
    <Button icon={<LogOut />} disabled={signingOut.isPending} onClick={() => signingOut.mutate()}>
      Sign out
    </Button>
  );
  return (
    <Card title="The server" aside={signOut}>
      {session.error === null ? null : (
        <ErrorNote title="The server cannot be asked" error={session.error} retry={() => void session.refetch()} />
      )}
      {signingOut.error === null ? null : <ErrorNote title="You are still signed in" error={signingOut.error} />}
      {session.data === undefined ? null : <SessionFacts session={session.data} version={version} />}
      <div className={styles.more}>
        <p>Sign another browser in, or let a script ask:</p>
        <CommandLine command="claude-orchestrator sign-in" />
        <CommandLine command="claude-orchestrator tokens create NAME" />
      </div>
    </Card>
  );
}

function SessionFacts({ session, version }: { readonly session: Session; readonly version: string | undefined }) {
  const { actor, expires_at, workspace, runs_folder, permissions } = session;
  return (
    <dl className={styles.facts}>
      <Fact name="Version">{version ?? session.version}</Fact>
      <Fact name="Signed in">
        {actor.name}, by {actor.kind === "session" ? "this browser" : "an API token"}
      </Fact>
      <Fact name="Until">{expires_at === null ? "no end" : <Moment at={Date.parse(expires_at)} />}</Fact>
      <Fact name="Folder">
        <code>{workspace}</code>
      </Fact>
      <Fact name="Runs are kept in">
        <code>{runs_folder}</code>
      </Fact>
      <Fact name="May">{permissions.join(", ")}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
