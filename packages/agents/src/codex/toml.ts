import type { JsonValue } from "@claude-orchestrator/domain";

/** The value as TOML on one line, for `codex -c key=value`. TOML has no null: such members are left out. */
export function toml(value: JsonValue): string {
  if (typeof value === "string") return tomlString(value);
  if (value === null) return '""';
  if (Array.isArray(value))
    return `[${value
      .filter((item) => item !== null)
      .map(toml)
      .join(",")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).filter(([, member]) => member !== null);
    return `{${members.map(([key, member]) => `${tomlString(key)}=${toml(member)}`).join(",")}}`;
  }
  return String(value);
}

/** JSON's escapes are TOML's but for two: DEL must be escaped, and half a surrogate pair cannot be written. */
function tomlString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007F", String.raw`\u007f`);
}
