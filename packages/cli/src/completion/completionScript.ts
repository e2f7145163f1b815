import { UserError } from "@claude-orchestrator/domain";
import { bashScript } from "./bash.ts";
import { completionTree } from "./completionTree.ts";
import { fishScript } from "./fish.ts";
import { pwshScript } from "./pwsh.ts";
import { zshScript } from "./zsh.ts";

const makers = new Map([
  ["bash", bashScript],
  ["zsh", zshScript],
  ["fish", fishScript],
  ["pwsh", pwshScript],
]);

/** The completion script of a shell. @throws UserError usage for a shell we have none for */
export function completionScript(shell: string): string {
  const make = makers.get(shell);
  if (make === undefined) {
    throw new UserError("usage", `There is no completion for \`${shell}\``, {
      hint: `one of ${[...makers.keys()].join(", ")}`,
    });
  }
  return make(completionTree());
}
