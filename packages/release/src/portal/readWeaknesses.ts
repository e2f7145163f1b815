import { readFileSync } from "node:fs";

/** What is said of one known weakness, in the words of OpenVEX. */
export interface Weakness {
  readonly name: string;
  readonly status: string;
  /** Why it does no harm, or what to do. */
  readonly why: string;
}

type Tree = Readonly<Record<string, unknown>>;

/** Statements of an OpenVEX document. Whoever makes the release has checked it; what is not there is left out. */
export function readWeaknesses(file: string): readonly Weakness[] {
  const document = JSON.parse(readFileSync(file, "utf8")) as Tree;
  const statements = Array.isArray(document["statements"]) ? (document["statements"] as readonly Tree[]) : [];
  return statements.map((statement) => ({
    name: text(tree(statement["vulnerability"])["name"]),
    status: text(statement["status"]).replaceAll("_", " "),
    why: ["justification", "impact_statement", "action_statement"]
      .map((field) => text(statement[field]).replaceAll("_", " "))
      .filter((each) => each !== "")
      .join(": "),
  }));
}

function tree(value: unknown): Tree {
  return typeof value === "object" && value !== null ? (value as Tree) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
