import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import { compareVersions } from "./compareVersions.ts";
import { severityOf, type Answer, type AskedPackage, type Finding } from "./finding.ts";

/** Of the OSV format, what is read. */
interface Advisory {
  readonly id: string;
  readonly modified?: string;
  readonly withdrawn?: string;
  readonly aliases?: readonly string[];
  readonly summary?: string;
  readonly affected?: readonly Affected[];
  readonly database_specific?: { readonly severity?: unknown };
}

interface Affected {
  readonly package?: { readonly ecosystem?: string; readonly name?: string };
  readonly versions?: readonly string[];
  readonly ranges?: readonly { readonly type?: string; readonly events?: readonly RangeEvent[] }[];
}

interface RangeEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

/**
 * Asks a folder of advisories in the OSV format, such as a copy of GitHub's advisory database or of what osv.dev exports for npm.
 *
 * @throws UserError where there is none, or one of them cannot be read
 */
export function osvAnswer(folder: string, asked: readonly AskedPackage[]): Answer {
  const byName = Map.groupBy(asked, ({ name }) => name);
  const advisories = readAdvisories(folder);
  const findings = advisories.flatMap((advisory) => findingsOf(advisory, byName));
  const newest =
    advisories
      .map(({ modified = "" }) => modified)
      .toSorted()
      .at(-1) ?? "";
  const note = `${asked.length} packages held against ${advisories.length} advisories in ${folder}, the newest of ${newest.slice(0, 10)}`;
  return { findings, notes: [note] };
}

function readAdvisories(folder: string): readonly Advisory[] {
  const hint = "give a folder of advisories in the OSV format, one JSON file each, at whatever depth";
  const names = namesBelow(folder, hint).filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw new UserError("file-not-readable", `${folder} has no advisories`, { hint });
  return names.map((name) => {
    try {
      const advisory = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Advisory;
      if (typeof advisory.id !== "string") throw new Error("it has no `id`");
      return advisory;
    } catch (cause) {
      throw new UserError("file-not-readable", `${path.join(folder, name)} is no advisory in the OSV format`, {
        hint,
        cause,
      });
    }
  });
}

function namesBelow(folder: string, hint: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  } catch (cause) {
    throw new UserError("file-not-readable", `${folder} cannot be read`, { hint, cause });
  }
}

function findingsOf(advisory: Advisory, byName: ReadonlyMap<string, readonly AskedPackage[]>): readonly Finding[] {
  if (advisory.withdrawn !== undefined) return [];
  const { id, aliases = [], summary = "", affected = [], database_specific: specific } = advisory;
  const hit = affected
    .filter((each) => each.package?.ecosystem === "npm")
    .flatMap((each) => (byName.get(each.package?.name ?? "") ?? []).filter(({ version }) => isAffected(version, each)));
  return [...new Set(hit)].map((found) => ({
    ...found,
    id,
    aliases,
    severity: severityOf(specific?.severity),
    title: summary,
  }));
}

/** An advisory that names a package and no version of it is about all of them. */
function isAffected(version: string, { versions = [], ranges = [] }: Affected): boolean {
  const comparable = ranges.filter(({ type }) => type === "SEMVER" || type === "ECOSYSTEM");
  if (versions.length === 0 && comparable.length === 0) return true;
  return versions.includes(version) || comparable.some(({ events = [] }) => isWithin(version, events));
}

/** Events come in the order of versions: each opens or closes what is affected. */
function isWithin(version: string, events: readonly RangeEvent[]): boolean {
  let isInside = false;
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === "0" || compareVersions(version, introduced) >= 0)) isInside = true;
    if (fixed !== undefined && compareVersions(version, fixed) >= 0) isInside = false;
    if (last !== undefined && compareVersions(version, last) > 0) isInside = false;
  }
  return isInside;
}
