import { execFile } from "node:child_process";
import { UserError } from "@claude-orchestrator/domain";
import { severityOf, type Answer, type AskedPackage, type Finding } from "./finding.ts";

export interface NpmAsked {
  /** The clone, or wherever the lockfile lies. */
  readonly root: string;
  /** The words that start npm. */
  readonly npm: readonly [command: string, ...words: string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Of `npm audit --json`, what is read. */
interface Report {
  readonly auditReportVersion?: number;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
}

interface Vulnerability {
  readonly via: readonly (string | Advisory)[];
  /** Folders. */
  readonly nodes: readonly string[];
}

interface Advisory {
  readonly name: string;
  readonly title?: string;
  readonly url?: string;
  readonly severity?: string;
}

/**
 * Asks the registry about everything in the lockfile, what is shipped and what only builds it.
 *
 * @throws UserError where it does not answer: nobody has said that nothing is known
 */
export async function npmAnswer({ root, npm, env }: NpmAsked, asked: readonly AskedPackage[]): Promise<Answer> {
  const [command, ...words] = npm;
  const { promise, resolve } = Promise.withResolvers<{ readonly out: string; readonly talk: string }>();
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
  // Its exit code says whether there are findings; they are counted here.
  execFile(command, [...words, "audit", "--json"], options, (_error, out, talk) => resolve({ out, talk }));
  const { out, talk } = await promise;
  return {
    findings: findingsIn(readReport(out, talk), asked),
    notes: [`${asked.length} packages asked about at npm's registry`],
  };
}

function readReport(out: string, talk: string): Report {
  let report: Report = {};
  try {
    report = JSON.parse(out) as Report;
  } catch {
    // Then it is no report, and what npm said on the way is told.
  }
  if (report.auditReportVersion === 2) return report;
  const told = report.message ?? report.error?.summary ?? talk.trim().split("\n")[0] ?? "";
  throw new UserError("usage", `npm's registry does not say what it knows of the packages in the lockfile: ${told}`, {
    hint: "try again with a network, or `--advisories FOLDER` with advisories in the OSV format",
  });
}

function findingsIn({ vulnerabilities = {} }: Report, asked: readonly AskedPackage[]): readonly Finding[] {
  // What merely uses a package with a weakness names it by a string: the package itself is in the list too.
  const direct = Object.values(vulnerabilities).flatMap(({ via, nodes }) =>
    via.flatMap((each) => (typeof each === "string" ? [] : [{ advisory: each, nodes }])),
  );
  return direct.flatMap(({ advisory, nodes }) => {
    const installed = asked.filter(({ name }) => name === advisory.name);
    if (installed.length === 0)
      throw new Error(`npm found ${advisory.name} in ${nodes.join(", ")}, which the lockfile has not`);
    // Which of several versions is meant is not said: all of them are looked at.
    return installed.map((found) => ({
      ...found,
      id: advisory.url?.split("/").at(-1) ?? advisory.name,
      aliases: [],
      severity: severityOf(advisory.severity),
      title: advisory.title ?? "",
    }));
  });
}
