import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Component } from "../sbom/component.ts";
import type { Contents } from "../sbom/contents.ts";

const rule = "-".repeat(78);

const heading = `claude-orchestrator contains code of the packages below, each under its own licence.
`;

export interface LicenceSources {
  /** The clone. */
  readonly root: string;
  /** The text that comes with the Node inside: its own licence and those of all its parts. */
  readonly nodeLicence?: string;
}

/** The texts that must go along with the code of others. The same contents give the same bytes. */
export function thirdPartyLicences({ components }: Contents, sources: LicenceSources): string {
  return [heading, ...components.map((each) => section(each, sources))].join("\n");
}

function section(component: Component, sources: LicenceSources): string {
  const { name, version, licence, author, parts } = component;
  const by = author === "" ? "" : `, by ${author}`;
  const inside = parts.map((part) => `  ${part.name} ${part.version} (${part.licence})\n`).join("");
  const texts = textsOf(component, sources);
  const body = texts.length > 0 ? texts.join("\n\n") : `Its package holds no text; it says: ${licence}${by}`;
  const contains = inside === "" ? "" : `It contains:\n${inside}\n`;
  return `${rule}\n${name} ${version} (${licence})\n${rule}\n\n${contains}${body}\n`;
}

function textsOf(component: Component, { root, nodeLicence }: LicenceSources): readonly string[] {
  const { folders, places, texts = [] } = component;
  if (places.includes("runtime")) return nodeLicence === undefined ? [] : [nodeLicence.trim()];
  const found = texts.filter((file) => existsSync(file)).map((file) => readText(file));
  return [...new Set([...folders.flatMap((folder) => licenceTexts(path.join(root, folder))), ...found])];
}

function licenceTexts(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(name))
    .toSorted()
    .map((name) => readText(path.join(folder, name)));
}

function readText(file: string): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim();
}
