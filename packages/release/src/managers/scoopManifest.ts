import type { Product } from "./downloads.ts";

/** For a bucket of Scoop; undefined where nothing was made for Windows. */
export function scoopManifest({ version, description, homepage, address, download }: Product): string | undefined {
  const windows = download("win-x64");
  if (windows === undefined) return undefined;
  const folder = (of: string): string => `claude-orchestrator-${of}-win-x64`;
  const manifest = {
    version,
    description,
    homepage,
    license: "MIT",
    architecture: { "64bit": { url: windows.url, hash: windows.sha256, extract_dir: folder(version) } },
    bin: "claude-orchestrator.exe",
    autoupdate: {
      architecture: {
        "64bit": {
          url: `${address.replaceAll("{version}", "$version")}/${folder("$version")}.zip`,
          extract_dir: folder("$version"),
        },
      },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, undefined, 4)}\n`;
}
