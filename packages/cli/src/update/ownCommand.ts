import { UserError } from "@claude-orchestrator/domain";
import type { InstalledForm } from "../program/installedAs.ts";

/** Who updates what was installed otherwise: what that one writes of itself would be overwritten or lost. */
const ownCommands: Readonly<Record<Exclude<InstalledForm, "executable">, readonly [who: string, command: string]>> = {
  source: ["a clone of its source", "git pull && npm ci && npm run build"],
  npm: ["npm", "npm install --global claude-orchestrator@latest"],
  wheel: ["pip", "pip install --upgrade claude-orchestrator"],
  deb: [
    "the system's packages",
    "sudo apt install --only-upgrade claude-orchestrator` (or the like of the package manager it came with), or `sudo dpkg -i FILE.deb",
  ],
  homebrew: ["Homebrew", "brew upgrade claude-orchestrator"],
  scoop: ["Scoop", "scoop update claude-orchestrator"],
  chocolatey: ["Chocolatey", "choco upgrade claude-orchestrator"],
};

/** @throws UserError update-refused with the command that does it, for every form but an executable by itself */
export function refuseUnlessOwn(form: InstalledForm): void {
  if (form === "executable") return;
  const [who, command] = ownCommands[form];
  throw new UserError("update-refused", `This program came by ${who}, which also updates it`, {
    hint: `\`${command}\``,
  });
}

/** What updates a program of that form. */
export function updateCommand(form: InstalledForm): string {
  return form === "executable" ? "claude-orchestrator update" : ownCommands[form][1];
}
