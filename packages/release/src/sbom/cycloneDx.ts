import type { Component } from "./component.ts";
import type { Contents } from "./contents.ts";
import { documentId, documentTime } from "./documentId.ts";

/** The names of what no field of CycloneDX is for. */
const ownProperty = (name: string, value: string) => ({ name: `claude-orchestrator:${name}`, value });

/** What is inside, as CycloneDX 1.6 tells it. The same contents give the same document, its serial number included. */
export function cycloneDx(contents: Contents): object {
  const document = documentOf(contents);
  const { bomFormat, specVersion, ...rest } = document;
  return { bomFormat, specVersion, serialNumber: `urn:uuid:${documentId(document)}`, ...rest };
}

function documentOf(contents: Contents) {
  const { components, form, commit, at, tools, ref, version, needs } = contents;
  const all = components.flatMap((each) => [each, ...each.parts]);
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: documentTime(at),
      lifecycles: [{ phase: "build" }],
      tools: { components: tools.map((tool) => ({ type: "application", ...tool })) },
      component: {
        type: "application",
        "bom-ref": ref,
        name: "claude-orchestrator",
        version,
        licenses: licensesOf("MIT"),
        purl: ref,
        properties: [ownProperty("form", form), ownProperty("commit", commit)],
      },
    },
    components: components.map(componentOf),
    dependencies: [
      { ref, dependsOn: needs },
      ...all.map((each) => ({ ref: each.ref, dependsOn: [...each.needs, ...each.parts.map((part) => part.ref)] })),
    ],
  };
}

interface CycloneDxComponent {
  readonly type: string;
  readonly [field: string]: unknown;
}

function componentOf(component: Component): CycloneDxComponent {
  const { ref, version, author, licence, purl, cpe, archive, parts, places, modules } = component;
  const { group, name } = splitName(component.name);
  return {
    type: places.includes("runtime") && parts.length > 0 ? "platform" : "library",
    "bom-ref": ref,
    ...(author === "" ? {} : { authors: [{ name: author }] }),
    ...(group === undefined ? {} : { group }),
    name,
    version,
    scope: "required",
    licenses: licensesOf(licence),
    ...(cpe === undefined ? {} : { cpe }),
    purl,
    ...(archive === undefined ? {} : { externalReferences: [distribution(archive)] }),
    properties: [
      ...places.map((place) => ownProperty("in", place)),
      ...(modules.length > 0 ? [ownProperty("modules", String(modules.length))] : []),
    ],
    ...(parts.length > 0 ? { components: parts.map(componentOf) } : {}),
  };
}

function splitName(whole: string): { readonly group?: string; readonly name: string } {
  const [group = "", name] = whole.split("/");
  return name === undefined ? { name: whole } : { group, name };
}

function licensesOf(licence: string): readonly object[] {
  return licence.includes(" ") ? [{ expression: licence }] : [{ license: { id: licence } }];
}

function distribution({ url, sha512 }: NonNullable<Component["archive"]>): object {
  return { type: "distribution", url, hashes: [{ alg: "SHA-512", content: sha512 }] };
}
