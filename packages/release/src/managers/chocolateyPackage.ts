import { textFile } from "../program/sharedFiles.ts";
import type { StagedFile } from "../stagedFile.ts";
import type { Product } from "./downloads.ts";

/** What `choco pack` makes a package of; nothing where nothing was made for Windows. */
export function chocolateyPackage({ version, description, homepage, download }: Product): readonly StagedFile[] {
  const windows = download("win-x64");
  if (windows === undefined) return [];
  return [
    textFile(
      "claude-orchestrator.nuspec",
      `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2015/06/nuspec.xsd">
  <metadata>
    <id>claude-orchestrator</id>
    <version>${version}</version>
    <title>claude-orchestrator</title>
    <authors>claude-orchestrator contributors</authors>
    <projectUrl>${xmlText(homepage)}</projectUrl>
    <tags>claude agents orchestrator cli</tags>
    <summary>${xmlText(description)}</summary>
    <description>${xmlText(description)}</description>
  </metadata>
  <files>
    <file src="tools\\**" target="tools" />
  </files>
</package>
`,
    ),
    textFile(
      "tools/chocolateyinstall.ps1",
      `$ErrorActionPreference = 'Stop'
$tools = Split-Path -Parent $MyInvocation.MyCommand.Definition
# Programs in the package's folder get a shim by themselves, and go with the package.
Install-ChocolateyZipPackage -PackageName $env:ChocolateyPackageName -UnzipLocation $tools \`
  -Url64bit '${windows.url}' -Checksum64 '${windows.sha256}' -ChecksumType64 'sha256'
`,
    ),
  ];
}

function xmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
