import { useMutation } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { Link, useLocation } from "wouter";
import { api } from "../../data/api.ts";
import { Button } from "../../kit/Button.tsx";
import { Card } from "../../kit/Card.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import { ErrorNote } from "../../kit/Notes.tsx";
import styles from "./FirstRun.module.css";

/** A fresh install: what brings the first run, beginning with the one that needs nothing. */
export function FirstRun({ hasDemo }: { readonly hasDemo: boolean }) {
  const [, navigate] = useLocation();
  const demo = useMutation({
    mutationFn: api.startDemo,
    onSuccess: ({ run }) => navigate(`/runs/${run}`),
  });
  return (
    <Card title="No run yet">
      <ol className={styles.steps}>
        {hasDemo ? (
          <li>
            <h3>See one at once</h3>
            <p>A small run of built-in commands: no key, no account, no cost, over in seconds.</p>
            <Button tone="primary" icon={<Play />} disabled={demo.isPending} onClick={() => demo.mutate()}>
              {demo.isPending ? "Starting" : "Start the demo run"}
            </Button>
            {demo.error === null ? null : <ErrorNote title="The demo run could not be started" error={demo.error} />}
          </li>
        ) : null}
        <li>
          <h3>Run your own</h3>
          <p>
            Write what is to be done, or paste a file, under <Link href="/new">New run</Link>. What would happen is
            shown before it does.
          </p>
        </li>
        <li>
          <h3>From a terminal</h3>
          <p>Runs that are started there are here as well, the moment they begin.</p>
          <CommandLine command="claude-orchestrator init && claude-orchestrator run fleet.yaml" />
        </li>
        <li>
          <h3>Something missing?</h3>
          <p>
            <Link href="/system">System</Link> looks at this machine and says what keeps runs from working.
          </p>
        </li>
      </ol>
    </Card>
  );
}
