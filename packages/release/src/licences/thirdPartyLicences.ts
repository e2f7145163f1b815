import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";
import { bundledPackages } from "./bundledPackages.ts";
import type { BundledPackage } from "./bundledPackages.ts";

const rule = "-".repeat(78);

const heading = `claude-orchestrator contains code of the packages below, each under its own licence.
`;

/** The texts that must go along with the code of others. The same clone gives the same bytes. */
export function thirdPartyLicences(context: Pick<ReleaseContext, "root" | "bundle">): string {
  const packages = bundledPackages(context);
  return [heading, ...packages.map((each) => section(context.root, each))].join("\n");
}

function section(root: string, { name, version, licence, folder, author }: BundledPackage): string {
  const by = author === "" ? "" : `, by ${author}`;
  const texts = licenceTexts(path.join(root, folder));
  const body = texts.length > 0 ? texts.join("\n\n") : `Its package holds no text; it says: ${licence}${by}`;
  return `${rule}\n${name} ${version} (${licence})\n${rule}\n\n${body}\n`;
}

function licenceTexts(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(name))
    .toSorted()
    .map((name) => readFileSync(path.join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
}
