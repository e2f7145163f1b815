import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Changes of one kind, in words for users. */
export interface Changes {
  readonly kind: string;
  readonly entries: readonly string[];
}

const kinds = ["added", "changed", "fixed", "removed", "security"] as const;

/** What is new in this version: its part of CHANGELOG.md, else what stands in fragments for the next one. */
export function readChanges(root: string, version: string): readonly Changes[] {
  const gathered = gatheredChanges(readText(path.join(root, "CHANGELOG.md")), version);
  return gathered.length > 0 ? gathered : fragments(path.join(root, "changelog"));
}

function gatheredChanges(text: string, version: string): readonly Changes[] {
  const part = text.split(/^## /m).find((each) => each.replace("[", "").startsWith(version));
  if (part === undefined) return [];
  return part
    .split(/^### /m)
    .slice(1)
    .map((each) => {
      const [kind = "", ...lines] = each.split("\n");
      const entries = lines.join("\n").split(/^- /m).slice(1);
      return { kind: kind.trim(), entries: entries.map((entry) => entry.replaceAll(/\s+/g, " ").trim()) };
    });
}

function fragments(folder: string): readonly Changes[] {
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  return kinds
    .map((kind) => ({
      kind: `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`,
      entries: names
        .filter((name) => name.startsWith(`${kind}-`) && name.endsWith(".md"))
        .map((name) => readText(path.join(folder, name)).replaceAll(/\s+/g, " ").trim()),
    }))
    .filter(({ entries }) => entries.length > 0);
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
