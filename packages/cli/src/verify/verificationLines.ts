import type { Finding, Note, Standing, Verification } from "@claude-orchestrator/update";
import { line, span } from "../views/text/line.ts";
import type { Line, Tone } from "../views/text/line.ts";
import { counted } from "../views/words.ts";

const tones: Readonly<Record<Standing, Tone>> = {
  right: "good",
  wrong: "bad",
  missing: "bad",
  foreign: "bad",
  unproved: "warn",
};

/** Each file with what it is, then whose word that is, and last the one sentence to remember. */
export function verificationLines(what: string, verification: Verification): readonly Line[] {
  const { findings, notes, signer, isVerified } = verification;
  const test = signer?.isTest === true ? ", the test key: not a release" : "";
  const comment = signer?.comment === undefined ? "" : ` (${commentWords(signer.comment)})`;
  return [
    ...findings.map(findingLine),
    ...notes.map(noteLine),
    ...(signer === undefined ? [] : [line(`signed with key ${signer.keyId}${test}${comment}`, "quiet")]),
    isVerified
      ? line(`${what} is verified: ${verifiedWords(findings)}`, "good")
      : line(`${what} is not verified: ${wrongWords(findings)}`, "bad"),
  ];
}

/** As minisign and our releases write it: fields with tabs between them, the first a time in seconds. */
function commentWords(comment: string): string {
  return comment
    .replace(/^timestamp:(\d{1,11})(?=\t|$)/, (_all, seconds: string) => new Date(Number(seconds) * 1000).toISOString())
    .replaceAll("\t", ", ");
}

function findingLine({ path, standing, why }: Finding): Line {
  return [span(standing.padEnd(8), tones[standing]), span(` ${path}${why === undefined ? "" : `: ${why}`}`)];
}

function noteLine({ isWarning, text }: Note): Line {
  return line(text, isWarning ? "warn" : "quiet");
}

function verifiedWords(findings: readonly Finding[]): string {
  const unproved = findings.filter(({ standing }) => standing === "unproved").length;
  const files = counted(findings.length - unproved, "file");
  return unproved === 0 ? files : `${files}, and ${counted(unproved, "attestation")} still to be checked`;
}

function wrongWords(findings: readonly Finding[]): string {
  const standings = ["wrong", "missing", "foreign", "unproved"] as const;
  return standings
    .map((standing) => ({ standing, count: findings.filter((each) => each.standing === standing).length }))
    .filter(({ count }) => count > 0)
    .map(({ standing, count }) => `${count} ${standing}`)
    .join(", ");
}
