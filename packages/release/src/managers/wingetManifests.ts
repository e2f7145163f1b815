import { textFile } from "../program/sharedFiles.ts";
import type { StagedFile } from "../stagedFile.ts";
import type { Product } from "./downloads.ts";

const identifier = "ClaudeOrchestrator.ClaudeOrchestrator";
const manifestVersion = "1.9.0";

/** The three files of a version in winget's repository; nothing where nothing was made for Windows. */
export function wingetManifests({ version, description, homepage, download }: Product): readonly StagedFile[] {
  const windows = download("win-x64");
  if (windows === undefined) return [];
  const manifest = (name: string, type: string, lines: readonly string[]): StagedFile =>
    textFile(
      name,
      [
        `PackageIdentifier: ${identifier}`,
        `PackageVersion: ${version}`,
        ...lines,
        `ManifestType: ${type}`,
        `ManifestVersion: ${manifestVersion}`,
        "",
      ].join("\n"),
    );
  return [
    manifest(`${identifier}.yaml`, "version", ["DefaultLocale: en-US"]),
    manifest(`${identifier}.locale.en-US.yaml`, "defaultLocale", [
      "PackageLocale: en-US",
      "Publisher: claude-orchestrator contributors",
      "PackageName: claude-orchestrator",
      `PackageUrl: ${homepage}`,
      "License: MIT",
      `ShortDescription: "${description}"`,
    ]),
    manifest(`${identifier}.installer.yaml`, "installer", [
      "InstallerType: zip",
      "NestedInstallerType: portable",
      "NestedInstallerFiles:",
      `- RelativeFilePath: claude-orchestrator-${version}-win-x64\\claude-orchestrator.exe`,
      "  PortableCommandAlias: claude-orchestrator",
      "Installers:",
      "- Architecture: x64",
      `  InstallerUrl: ${windows.url}`,
      `  InstallerSha256: ${windows.sha256.toUpperCase()}`,
    ]),
  ];
}
