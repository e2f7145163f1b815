import type { Finding } from "./finding.ts";
import type { Statement } from "./readVex.ts";

export interface Judgement {
  /** One line for each finding that stops the release. */
  readonly problems: readonly string[];
  /** One line for each that does not, with what is said of it. */
  readonly explained: readonly string[];
}

/**
 * What stops a release: a finding of which nothing is said, or of which it is said that it is still looked into, and a high or critical one
 * that affects us whatever is said. What is said of a package's weakness is said of this package only.
 */
export function judgeFindings(findings: readonly Finding[], statements: readonly Statement[]): Judgement {
  const lines = findings.map((finding) => {
    const statement = statements.find((each) => isAbout(each, finding));
    return { isProblem: isProblem(finding, statement), line: lineOf(finding, statement) };
  });
  const told = (wanted: boolean) =>
    lines.flatMap(({ isProblem: is, line }) => (is === wanted ? [line] : [])).toSorted();
  return { problems: told(true), explained: told(false) };
}

function isProblem({ severity }: Finding, statement: Statement | undefined): boolean {
  if (statement === undefined || statement.status === "under_investigation") return true;
  return statement.status === "affected" && (severity === "high" || severity === "critical");
}

function isAbout({ vulnerability, aliases, subjects }: Statement, { id, aliases: others, purl }: Finding): boolean {
  const names = new Set([vulnerability, ...aliases]);
  const isSame = [id, ...others].some((name) => names.has(name));
  return isSame && subjects.some((subject) => subject === purl || subject === withoutVersion(purl));
}

function withoutVersion(purl: string): string {
  return purl.slice(0, purl.lastIndexOf("@"));
}

function lineOf({ id, severity, name, version, title, isShipped }: Finding, statement: Statement | undefined): string {
  const said = statement === undefined ? "nothing is said of it" : `said to be ${statement.status}`;
  return `${severity} ${id} in ${name} ${version} (${isShipped ? "shipped" : "a tool"}): ${title}; ${said}`;
}
