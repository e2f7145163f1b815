import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../commands/list.ts";
import { completionScript } from "./completionScript.ts";

const shells = ["bash", "zsh", "fish", "pwsh"];

function isInstalled(shell: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, shell)));
}

/** What bash offers for these words, the last of which is being typed. */
function bashOffers(...words: readonly string[]): readonly string[] {
  const script = `${completionScript("bash")}
COMP_WORDS=(claude-orchestrator "$@"); COMP_CWORD=$#; _claude_orchestrator; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  return stdout.split("\n").filter((word) => word !== "");
}

describe("the completion script", () => {
  test.each(shells)("of %s names every command and flag", (shell) => {
    const script = completionScript(shell);
    for (const { name, flags } of commands) {
      expect(script).toContain(name.split(" ").at(-1));
      const shown = Object.entries(flags).filter(([, spec]) => spec.hidden !== true);
      for (const [flag] of shown) expect(script).toContain(flag);
    }
  });

  test.each(["bash", "zsh", "fish"].filter(isInstalled))("of %s is a script that shell can read", (shell) => {
    const { status, stderr } = spawnSync(shell, ["-n"], { input: completionScript(shell), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("refuses a shell it does not know", () => {
    expect(() => completionScript("tcsh")).toThrow("There is no completion for `tcsh`");
  });
});

describe.runIf(isInstalled("bash"))("completion in bash", () => {
  test("offers commands, subcommands, flags and the choices of a flag", () => {
    expect(bashOffers("ru")).toEqual(["run", "runs"]);
    expect(bashOffers("commands", "")).toContain("inspect");
    expect(bashOffers("runs", "list", "--j")).toEqual(["--json"]);
    expect(bashOffers("run", "--permission-mode", "a")).toEqual(["acceptEdits", "auto"]);
    expect(bashOffers("completion", "f")).toEqual(["fish"]);
  });
});
