import { UserError } from "@claude-orchestrator/domain";

export interface Fragment {
  /** Its file's name: `fixed-resume-counts-twice.md`. */
  readonly name: string;
  readonly text: string;
}

/** In the order a person reads them. */
const kinds = ["added", "changed", "fixed", "removed", "security"] as const;

/**
 * What the fragments say, by kind, each an item of a list; kinds without one are left out.
 *
 * @throws UserError usage, where a name has no kind or a text is empty
 */
export function gatherFragments(fragments: readonly Fragment[]): string {
  for (const { name, text } of fragments) {
    if (kindOf(name) === undefined) {
      throw new UserError("usage", `changelog/${name} does not say what kind of change it is`, {
        hint: `its name begins with one of ${kinds.map((kind) => `\`${kind}-\``).join(", ")}`,
      });
    }
    if (text.trim() === "") throw new UserError("usage", `changelog/${name} is empty`);
  }
  return kinds
    .flatMap((kind) => {
      const items = fragments
        .filter(({ name }) => kindOf(name) === kind)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ text }) => `- ${text.trim().replaceAll(/\r?\n/g, "\n  ").replaceAll(/ +$/gm, "")}`);
      return items.length === 0 ? [] : [`### ${kind[0]?.toUpperCase()}${kind.slice(1)}\n\n${items.join("\n")}\n`];
    })
    .join("\n");
}

/**
 * The changelog with a release on top of those before.
 *
 * @param day YYYY-MM-DD
 * @throws UserError usage, where the version is there already
 */
export function withRelease(changelog: string, version: string, day: string, gathered: string): string {
  if (releaseNotes(changelog, version) !== undefined) {
    throw new UserError("usage", `CHANGELOG.md has ${version} already`);
  }
  const { index } = /^## /m.exec(changelog) ?? { index: changelog.length };
  const [before, after] = [changelog.slice(0, index).trimEnd(), changelog.slice(index)];
  return `${before}\n\n## ${version} - ${day}\n\n${gathered}${after === "" ? "" : "\n"}${after}`;
}

/** What the changelog says of one version, without its heading; undefined where it has none. */
export function releaseNotes(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((each) => each.split(/\s/, 1)[0] === version);
  return section === undefined ? undefined : `${section.slice(section.indexOf("\n") + 1).trim()}\n`;
}

function kindOf(name: string): (typeof kinds)[number] | undefined {
  return kinds.find((kind) => name.startsWith(`${kind}-`) && name.endsWith(".md"));
}
