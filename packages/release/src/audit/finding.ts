export type Severity = "low" | "moderate" | "high" | "critical";

/** A known weakness of something that is inside, or of a tool that makes what is inside. */
export interface Finding {
  /** As whoever found it calls it: `GHSA-…` or `CVE-…`. */
  readonly id: string;
  /** Other names of the same. */
  readonly aliases: readonly string[];
  /** Of the package as its registry knows it. */
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly severity: Severity;
  readonly title: string;
  readonly isShipped: boolean;
}

const severities: Readonly<Record<string, Severity>> = {
  info: "low",
  low: "low",
  moderate: "moderate",
  medium: "moderate",
  high: "high",
  critical: "critical",
};

/** A word that nobody knows, or none at all, is taken for the worst but one: it has to be looked at. */
export function severityOf(word: unknown): Severity {
  return (typeof word === "string" ? severities[word.toLowerCase()] : undefined) ?? "high";
}

/** A package that is asked about. */
export interface AskedPackage {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly isShipped: boolean;
}

/** What one source of advisories answered. */
export interface Answer {
  readonly findings: readonly Finding[];
  /** For the person who reads: what was asked, and what could not be. */
  readonly notes: readonly string[];
}
