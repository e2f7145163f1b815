import type { Need } from "@claude-orchestrator/domain";

/** "lint, test whatever comes of it, deploy if it fails". */
export function needWords(needs: readonly Need[]): string {
  return needs
    .map(({ instance, when }) => {
      if (when === "success") return instance;
      if (when === "failure") return `${instance} if it fails`;
      return when === "always" ? `${instance} whatever comes of it` : `${instance} where ${when.expression}`;
    })
    .join(", ");
}
