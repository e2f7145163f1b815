import { execFileSync } from "node:child_process";
import { UserError } from "@claude-orchestrator/domain";

/** Where group policies put it (GPO, Intune). Who is no administrator may read there and not write. */
export const registryKey = String.raw`HKLM\SOFTWARE\Policies\claude-orchestrator`;

/** What `reg query` prints of a key; undefined where there is no such key. */
export type AskRegistry = (key: string) => string | undefined;

/**
 * The text of the policy in the registry of Windows: the value `Policy` of `registryKey`, one text in JSON (REG_SZ) or the
 * lines of the file (REG_MULTI_SZ). Undefined where there is no key.
 *
 * @throws UserError policy-not-usable where there is a key without such a value
 */
export function registryPolicy(ask: AskRegistry = askRegistry): string | undefined {
  const printed = ask(registryKey);
  if (printed === undefined) return undefined;
  const [, kind = "", text = ""] = /^\s+Policy\s+(REG_\w+)\s*(.*?)\r?$/im.exec(printed) ?? [];
  if (kind === "REG_SZ") return text;
  if (kind === "REG_MULTI_SZ") return text.replaceAll(String.raw`\0`, "\n");
  throw new UserError(
    "policy-not-usable",
    `The policy at ${registryKey} cannot be read: it has no value \`Policy\` that is text`,
    {
      hint: "ask whoever administers this machine: REG_SZ with JSON, or REG_MULTI_SZ with the lines of the file",
    },
  );
}

/** By the path Windows is installed at, not by PATH, which a person sets. */
function askRegistry(key: string): string | undefined {
  const program = String.raw`C:\Windows\System32\reg.exe`;
  try {
    return execFileSync(program, ["query", key], { encoding: "utf8", windowsHide: true, stdio: "pipe" });
  } catch (error) {
    // 1: there is no such key. Anything else is no answer, and without an answer nothing is done.
    if (error instanceof Error && "status" in error && error.status === 1) return undefined;
    throw new UserError("policy-not-usable", `The policy at ${key} cannot be asked for`, { cause: error });
  }
}
