import { createHash } from "node:crypto";
import type { Component } from "./component.ts";
import type { Contents } from "./contents.ts";
import { documentId, documentTime } from "./documentId.ts";

/** What is inside, as SPDX 2.3 tells it. The same contents give the same document, its namespace included. */
export function spdx(contents: Contents): object {
  const document = documentOf(contents);
  const name = `claude-orchestrator-${contents.version}-${contents.form}`;
  const { spdxVersion, dataLicense, SPDXID, ...rest } = document;
  const documentNamespace = `https://spdx.org/spdxdocs/${name}-${documentId(document)}`;
  return { spdxVersion, dataLicense, SPDXID, name, documentNamespace, ...rest };
}

function documentOf(contents: Contents) {
  const { components, at, tools, version } = contents;
  const all = components.flatMap((each) => [each, ...each.parts]);
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    creationInfo: {
      created: documentTime(at),
      creators: [
        `Tool: claude-orchestrator-release-${version}`,
        ...tools.map((tool) => `Tool: ${tool.name}-${tool.version}`),
      ],
    },
    documentDescribes: [rootId],
    packages: [rootPackage(contents), ...all.map(packageOf)],
    relationships: relationshipsOf(contents),
  };
}

const rootId = "SPDXRef-claude-orchestrator";

function rootPackage({ ref, version, commit, form }: Contents): object {
  return {
    ...packageBase("claude-orchestrator", version, "MIT"),
    SPDXID: rootId,
    downloadLocation: "NOASSERTION",
    primaryPackagePurpose: "APPLICATION",
    comment: `Form ${form}, made of commit ${commit}`,
    externalRefs: [purlReference(ref)],
  };
}

function packageOf({ ref, name, version, licence, author, purl, cpe, archive, places }: Component): object {
  return {
    ...packageBase(name, version, licence),
    SPDXID: idOf(ref),
    downloadLocation: archive?.url ?? "NOASSERTION",
    ...(archive === undefined ? {} : { checksums: [{ algorithm: "SHA512", checksumValue: archive.sha512 }] }),
    ...(author === "" ? {} : { originator: `Person: ${author}` }),
    primaryPackagePurpose: "LIBRARY",
    comment: `In the ${places.join(" and the ")}`,
    externalRefs: [
      purlReference(purl),
      ...(cpe === undefined
        ? []
        : [{ referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: cpe }]),
    ],
  };
}

function packageBase(name: string, versionInfo: string, licence: string) {
  return {
    name,
    versionInfo,
    // Nobody has looked into its files one by one: this is what its makers say, and what was taken from them.
    filesAnalyzed: false,
    licenseConcluded: licence,
    licenseDeclared: licence,
    copyrightText: "NOASSERTION",
  };
}

function purlReference(purl: string): object {
  return { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl };
}

function relationshipsOf({ components, needs }: Contents): readonly object[] {
  const relate = (from: string, relationshipType: string, to: string): object => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  return [
    relate("SPDXRef-DOCUMENT", "DESCRIBES", rootId),
    ...components.map(({ ref }) => relate(rootId, "CONTAINS", idOf(ref))),
    ...needs.map((ref) => relate(rootId, "DEPENDS_ON", idOf(ref))),
    ...components.flatMap((each) => each.parts.map((part) => relate(idOf(each.ref), "CONTAINS", idOf(part.ref)))),
    ...components.flatMap((each) => each.needs.map((ref) => relate(idOf(each.ref), "DEPENDS_ON", idOf(ref)))),
  ];
}

/** Only letters, digits, dots and hyphens may stand in it; what tells two names apart that differ in others is the hash. */
function idOf(ref: string): string {
  const readable = ref.replaceAll(/[^A-Za-z\d.]+/g, "-");
  return `SPDXRef-${readable}-${createHash("sha256").update(ref).digest("hex").slice(0, 8)}`;
}
