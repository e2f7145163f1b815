import path from "node:path";
import { checkRepository } from "../tuf/checkRepository.ts";
import type { CheckedRepository, CheckedTarget } from "../tuf/checkRepository.ts";
import { folderSource } from "../tuf/folderSource.ts";
import { pinnedRoot } from "../tuf/pinnedRoot.ts";
import { rootVersion } from "../tuf/trustFolder.ts";
import { whyRefused } from "../tuf/whyRefused.ts";
import type { Inspected, SignedFolder } from "./inspections.ts";
import { readSmall } from "./readFiles.ts";
import type { Finding, Note } from "./verification.ts";

const folderName = "updates";
const firstRoot = `${folderName}/metadata/1.root.json`;
const largestRoot = 512_000;

interface BelievedRoot {
  readonly text: string;
  /** Only the signed list speaks for it. */
  readonly isItsOwn: boolean;
}

/** The repository of updates in a release: its roles are signed, belong together, and offer what the release consists of. */
export async function inspectUpdates(signed: SignedFolder): Promise<Inspected> {
  if (!signed.checksums.some((each) => each.path.startsWith(`${folderName}/`))) return { findings: [], notes: [] };
  const root = await rootOf(signed);
  if (root === undefined) {
    return refused({ path: firstRoot, standing: "missing", why: "without it nothing says whose updates these are" });
  }
  try {
    const repository = await checkRepository(folderSource(path.join(signed.folder, folderName)), root.text);
    const findings = repository.targets.flatMap((target) => targetFindings(target, signed));
    return { findings, notes: findings.length > 0 ? [] : notesOf(repository, root, signed.now) };
  } catch (error) {
    return refused({
      path: folderName,
      standing: "wrong",
      why: `no update would be taken from it: ${whyRefused(error)}`,
    });
  }
}

/**
 * The one a person names, else the pinned one, but for what a test key has signed (no program believes that one's updates) and for a
 * release from before the pinned root, whose keys may have changed since.
 */
async function rootOf(signed: SignedFolder): Promise<BelievedRoot | undefined> {
  const text = signed.believed.updateRoot ?? pinnedFor(signed);
  if (text !== undefined) return { text, isItsOwn: false };
  const bytes = await readSmall(path.join(signed.folder, firstRoot), largestRoot);
  return bytes === undefined ? undefined : { text: bytes.toString("utf8"), isItsOwn: true };
}

function pinnedFor({ believed, checksums, signer }: SignedFolder): string | undefined {
  const pinned = believed.pinnedUpdateRoot ?? pinnedRoot();
  if (pinned === undefined || signer.isTest) return undefined;
  const file = `${folderName}/metadata/${rootVersion(pinned)}.root.json`;
  return checksums.some((each) => each.path === file) ? pinned : undefined;
}

function refused(finding: Finding): Inspected {
  return { findings: [finding], notes: [] };
}

/** The files themselves are what the list says already. */
function targetFindings({ name, sha256 }: CheckedTarget, { checksums }: SignedFolder): readonly Finding[] {
  const file = `${folderName}/targets/${sha256}.${name}`;
  const listed = checksums.find((each) => each.path === file);
  if (listed === undefined) return [{ path: file, standing: "missing", why: "it is offered as an update" }];
  if (listed.sha256 !== sha256) {
    return [{ path: file, standing: "wrong", why: `it is offered as an update with SHA-256 ${sha256}` }];
  }
  const beside = checksums.find((each) => each.path === name);
  if (beside === undefined || beside.sha256 === sha256) return [];
  return [
    { path: name, standing: "wrong", why: `another file of this name is offered as an update: SHA-256 ${sha256}` },
  ];
}

function notesOf({ roles, targets }: CheckedRepository, { isItsOwn }: BelievedRoot, now: number): readonly Note[] {
  const versions = roles.map(({ name, version }) => `${name} ${version}`).join(", ");
  const by = isItsOwn ? "its own first root, for which only SHA256SUMS speaks" : "the root that is believed here";
  const files = targets.length === 1 ? "1 file" : `${targets.length} files`;
  const expired = roles.filter(({ expires }) => expires <= now);
  return [
    { isWarning: false, text: `updates: ${versions} are signed by the keys of ${by}; ${files} offered` },
    ...expired.map(({ name, expires }) => ({
      isWarning: true,
      text: `updates: the ${name} has expired on ${new Date(expires).toISOString().slice(0, 10)}: \`update --from\` takes nothing from this copy any more; what is in it is still what was signed`,
    })),
  ];
}
