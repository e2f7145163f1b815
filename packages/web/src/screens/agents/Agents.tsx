import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Page } from "../../app/Page.tsx";
import { api } from "../../data/api.ts";
import { Card } from "../../kit/Card.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import { Field } from "../../kit/Field.tsx";
import { Finding } from "../../kit/Finding.tsx";
import { Empty, ErrorNote, Loading } from "../../kit/Notes.tsx";
import { abilities, agentStanding } from "./agentDocument.ts";
import type { AgentDocument } from "./agentDocument.ts";
import styles from "./Agents.module.css";

/** Who can be asked to work, and what each can do. */
export function Agents() {
  const { data, error, refetch } = useQuery({ queryKey: ["agents"], queryFn: api.agents });
  const agents = data?.agents as unknown as readonly AgentDocument[] | undefined;
  return (
    <Page title="Agents">
      {error === null ? null : (
        <ErrorNote title="The agents cannot be looked for" error={error} retry={() => void refetch()} />
      )}
      {agents === undefined && error === null ? <Loading what="The agents" rows={8} /> : null}
      {agents === undefined ? null : (
        <ul className={styles.agents}>
          {agents.map((agent) => (
            <li key={agent.name}>
              <AgentCard agent={agent} />
            </li>
          ))}
        </ul>
      )}
      <Commands />
    </Page>
  );
}

function AgentCard({ agent }: { readonly agent: AgentDocument }) {
  const { name, about, installed, path, install } = agent;
  const { tone, words } = agentStanding(agent);
  const signIn = useQuery({ queryKey: ["checkup"], queryFn: api.checkup, enabled: installed && path !== null });
  const found = signIn.data?.findings.find(({ what }) => what === `${name} sign-in`);
  return (
    <Card title={name}>
      <div className={styles.agent}>
        <Finding state={tone} title={words} />
        {found === undefined ? null : (
          <Finding
            state={found.state}
            title="Sign-in"
            fix={typeof found["fix"] === "string" ? found["fix"] : undefined}
          >
            {found.detail}
          </Finding>
        )}
        <p>{about.replaceAll("`", "")}</p>
        <p className={styles.quiet}>{abilities(agent).join(", ")}</p>
        {path === null ? null : <code className={styles.path}>{path.join(" ")}</code>}
        {installed || install === null ? null : <CommandLine command={install} />}
      </div>
    </Card>
  );
}

/** More than anybody reads through: what is sought is typed. */
const mostCommands = 100;

function Commands() {
  const { data, error, refetch } = useQuery({ queryKey: ["commands"], queryFn: () => api.commands() });
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const commands = (data?.commands ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <Card title="Slash commands and skills" aside={data === undefined ? null : <span>{data.commands.length}</span>}>
      {error === null ? null : (
        <ErrorNote title="The commands cannot be looked for" error={error} retry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Loading what="The commands" /> : null}
      {data?.commands.length === 0 ? (
        <Empty title="The server’s folder has none of its own." />
      ) : (
        <div className={styles.agent}>
          {data === undefined ? null : <Field label="Name" type="search" value={text} onValue={setText} />}
          <ul className={styles.commands}>
            {commands.slice(0, mostCommands).map((command) => (
              <li key={`${command.kind} ${command.name}`}>
                <code>{command.name}</code> <span className={styles.quiet}>{command.kind}</span>
                {typeof command["description"] === "string" ? <p>{command["description"]}</p> : null}
              </li>
            ))}
          </ul>
          {commands.length > mostCommands ? <p>and {commands.length - mostCommands} more</p> : null}
        </div>
      )}
    </Card>
  );
}
