import { shellWord } from "@claude-orchestrator/domain";
import type { Artifact, ArtifactKind, Platform } from "../artifact.ts";

export const platformNames: Readonly<Record<Platform, string>> = {
  "linux-x64": "Linux on x64",
  "linux-arm64": "Linux on arm64",
  "linux-x64-musl": "Linux with musl on x64",
  "linux-arm64-musl": "Linux with musl on arm64",
  "darwin-arm64": "macOS on Apple silicon",
  "darwin-x64": "macOS on Intel",
  "win-x64": "Windows on x64",
  "win-arm64": "Windows on arm64",
};

/** What each kind is called, in the order in which the page has them. What is not here is read, not installed. */
export const installable: Readonly<Partial<Record<ArtifactKind, string>>> = {
  executable: "One file with everything in it",
  archive: "Archive",
  deb: "Package for Debian and Ubuntu",
  wheel: "Wheel for pip",
  npm: "Package for npm, with a Node of your own",
  installer: "Installer that verifies first",
  "package-manager": "For a package manager",
};

/** What to type once the file is there, a line each; nothing where its package manager knows. */
export function wayToInstall({ kind, path, platform }: Artifact): readonly string[] {
  const isWindows = platform?.startsWith("win") === true;
  const file = shellWord(path);
  switch (kind) {
    case "executable":
      return isWindows ? [`.\\${path} --version`] : [`chmod +x ${file}`, `./${file} --version`];
    case "archive":
      return path.endsWith(".zip") ? [`Expand-Archive ${path}`] : [`tar -xf ${file}`];
    case "deb":
      return [`sudo apt install ./${file}`];
    case "wheel":
      return [`pip install --no-index ./${file}`];
    case "npm":
      return [`npm install -g ./${file}`];
    case "installer":
      return path.endsWith(".ps1")
        ? [`Get-Help .\\${path} -Detailed`, `powershell -ExecutionPolicy Bypass -File ${path} -From .`]
        : [`sh ${file} --help`, `sh ${file} --from .`];
    default:
      return [];
  }
}
