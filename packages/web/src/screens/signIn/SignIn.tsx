import { useState } from "react";
import type { FormEvent } from "react";
import { api } from "../../data/api.ts";
import { useLive } from "../../data/LiveProvider.tsx";
import { Button } from "../../kit/Button.tsx";
import { CommandLine } from "../../kit/Copy.tsx";
import styles from "./SignIn.module.css";

/** Shown to whoever has no session (any more). */
export function SignIn() {
  const live = useLive();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<string>();
  const signIn = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await api.signIn(code.trim().replace(/^.*\/sign-in\//, ""));
      live.connect();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <main className={styles.page}>
      <h1>Sign in</h1>
      <p>This server is for whoever started it. In a terminal on its machine, type</p>
      <CommandLine command="claude-orchestrator sign-in" />
      <p>and open the link it prints, or paste it here. An API token will do as well.</p>
      <form className={styles.form} onSubmit={(event) => void signIn(event)}>
        <label htmlFor="code">Link, code or token</label>
        <input
          id="code"
          type="password"
          autoComplete="current-password"
          required
          value={code}
          aria-describedby={problem === undefined ? undefined : "problem"}
          onChange={({ target }) => setCode(target.value)}
        />
        {problem === undefined ? null : (
          <p id="problem" role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <Button type="submit" tone="primary">
          Sign in
        </Button>
      </form>
    </main>
  );
}
