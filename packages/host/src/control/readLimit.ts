import type { BudgetLimit, BudgetScope } from "@claude-orchestrator/domain";

/** Reads a limit strictly: undefined where anything of it is missing, too much, or of another kind. */
export function readLimit(value: Readonly<Record<string, unknown>>): BudgetLimit | undefined {
  const { scope, unit, limit, enforcement, ...more } = value;
  const read = readScope({ ...(scope as object | undefined) });
  if (read === undefined || Object.keys(more).length > 0) return undefined;
  if (typeof limit !== "number" || !(limit >= 0)) return undefined;
  if (unit !== "tokens" && unit !== "cost_usd") return undefined;
  if (enforcement !== "warn" && enforcement !== "block" && enforcement !== "pause") return undefined;
  return { scope: read, unit, limit, enforcement };
}

function readScope({ kind, ...rest }: Readonly<Record<string, unknown>>): BudgetScope | undefined {
  const names = Object.keys(rest).join();
  const { instance, command, windowMs, zone } = rest;
  switch (kind) {
    case "run":
      return names === "" ? { kind } : undefined;
    case "command":
      return names === "command" && typeof command === "string" ? { kind, command } : undefined;
    case "instance":
    case "attempt":
    case "sub_agent":
      return names === "instance" && typeof instance === "string" ? { kind, instance } : undefined;
    case "window":
    case "machine":
      return names === "windowMs" && typeof windowMs === "number" ? { kind, windowMs } : undefined;
    case "day":
      if (names === "") return { kind };
      return names === "zone" && typeof zone === "string" ? { kind, zone } : undefined;
    default:
      return undefined;
  }
}
