import { readFileSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";

const statuses = ["not_affected", "affected", "fixed", "under_investigation"] as const;
const justifications = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
];

/** What we say of a known weakness, in the words of OpenVEX 0.2. */
export interface Statement {
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  readonly status: (typeof statuses)[number];
  /** Package URLs of what is spoken of; one without a version is about all of them. */
  readonly subjects: readonly string[];
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * Reads `security/vex.json`.
 *
 * @throws UserError that names each thing that is not as OpenVEX wants it
 */
export function readVex(file: string): readonly Statement[] {
  const document = readDocument(file);
  const statements = Array.isArray(document["statements"])
    ? (document["statements"] as readonly unknown[]).map(tree)
    : [];
  const problems = [
    ...headProblems(document),
    ...statements.flatMap((each, index) =>
      statementProblems(each).map((problem) => `statement ${index + 1} ${problem}`),
    ),
  ];
  if (problems.length > 0) {
    throw new UserError("file-not-readable", `${file} is no OpenVEX document: ${problems.join("; ")}`, {
      hint: "docs/guide/sbom.md has an example of a statement",
    });
  }
  return statements.map(statementOf);
}

function readDocument(file: string): Tree {
  try {
    return tree(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new UserError("file-not-readable", `${file} cannot be read as JSON`, {
      hint: "it is an OpenVEX document",
      cause,
    });
  }
}

function headProblems(document: Tree): readonly string[] {
  const texts = ["@context", "@id", "author", "timestamp"].filter((name) => !isText(document[name]));
  return [
    ...texts.map((name) => `it has no \`${name}\``),
    ...(Number.isInteger(document["version"]) ? [] : ["its `version` is no whole number"]),
    ...(Array.isArray(document["statements"]) ? [] : ["it has no list of `statements`"]),
    ...(String(document["@context"]).startsWith("https://openvex.dev/ns") ? [] : ["its `@context` is not OpenVEX's"]),
  ];
}

function statementProblems(statement: Tree): readonly string[] {
  const { status, justification, impact_statement: impact, action_statement: action, products } = statement;
  const isKnown = statuses.some((each) => each === status);
  const isExplained = isText(impact) || justifications.some((each) => each === justification);
  return [
    ...(isText(tree(statement["vulnerability"])["name"]) ? [] : ["names no `vulnerability`"]),
    ...(isKnown ? [] : [`has a \`status\` that is none of ${statuses.join(", ")}`]),
    ...(status === "not_affected" && !isExplained ? ["says not_affected and neither justifies nor explains it"] : []),
    ...(status === "affected" && !isText(action) ? ["says affected and has no `action_statement`"] : []),
    ...(Array.isArray(products) && products.length > 0 ? [] : ["names no `products`"]),
  ];
}

function statementOf(statement: Tree): Statement {
  const vulnerability = tree(statement["vulnerability"]);
  const products = (statement["products"] as readonly unknown[]).map(tree);
  const inside = products.flatMap(({ subcomponents }) => (Array.isArray(subcomponents) ? subcomponents.map(tree) : []));
  return {
    vulnerability: String(vulnerability["name"]),
    aliases: Array.isArray(vulnerability["aliases"]) ? vulnerability["aliases"].map(String) : [],
    status: statement["status"] as Statement["status"],
    subjects: [...products, ...inside].flatMap((each) => (isText(each["@id"]) ? [each["@id"]] : [])),
  };
}

function tree(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
