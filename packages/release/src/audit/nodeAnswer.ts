import type { Component } from "../sbom/component.ts";
import { compareVersions } from "./compareVersions.ts";
import { severityOf, type Answer, type Finding } from "./finding.ts";

const section = /^<a id="(?<version>\d+\.\d+\.\d+)"><\/a>$/;
const fix =
  /^\* \((?<id>CVE-\d{4}-\d+)\) (?<title>.*?)(?: \([^()]*\))?(?: [–-] (?<severity>Low|Medium|High|Critical))?$/;

/**
 * What is known against the Nodes inside executables, from the changelog that the newest of them brings: what a later version of the same
 * line has mended is in the earlier one. Of another line nothing can be said, and that is said.
 *
 * @param changelog of one line of versions
 */
export function nodeAnswer(nodes: readonly Component[], changelog: string): Answer {
  const fixes = fixesIn(changelog);
  const [newest = "0"] = changelog.split("\n").flatMap((line) => section.exec(line)?.groups?.["version"] ?? []);
  const known = nodes.filter(({ version }) => lineOf(version) === lineOf(newest));
  const findings = known.flatMap((node) =>
    fixes.filter(({ version }) => compareVersions(version, node.version) > 0).map((each) => findingOf(node, each)),
  );
  const unknown = nodes.filter((node) => !known.includes(node)).map(({ version }) => version);
  return {
    findings,
    notes: [
      `Node ${versionsOf(known)} held against the changelog of ${newest}`,
      ...(unknown.length === 0
        ? []
        : [`nobody could be asked about Node ${unknown.join(", ")}: another line than ${newest}`]),
    ],
  };
}

interface Fix {
  readonly version: string;
  readonly id: string;
  readonly title: string;
  readonly severity: string | undefined;
}

function fixesIn(changelog: string): readonly Fix[] {
  const fixes: Fix[] = [];
  let version = "";
  for (const line of changelog.split("\n")) {
    version = section.exec(line)?.groups?.["version"] ?? version;
    const { id, title = "", severity } = fix.exec(line)?.groups ?? {};
    if (id !== undefined) fixes.push({ version, id, title, severity });
  }
  return fixes;
}

function findingOf({ name, version, purl }: Component, { id, title, severity }: Fix): Finding {
  return { id, aliases: [], name, version, purl, severity: severityOf(severity), title, isShipped: true };
}

function lineOf(version: string): string {
  return version.split(".")[0] ?? "";
}

function versionsOf(nodes: readonly Component[]): string {
  return [...new Set(nodes.map(({ version }) => version))].join(", ");
}
