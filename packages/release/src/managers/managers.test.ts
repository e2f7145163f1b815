import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { downloadsOf } from "./downloads.ts";
import { managerFiles } from "./makeManagers.ts";

const version = "1.2.3";
const address = "https://downloads.example.com/{version}";
const made = (["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win-x64"] as const).map(
  (platform, index) => ({
    path: `claude-orchestrator-${version}-${platform}${platform === "win-x64" ? ".zip" : ".tar.gz"}`,
    size: 1,
    sha256: String(index).repeat(64),
    kind: "archive" as const,
    platform,
  }),
);
const product = {
  version,
  description: "Runs a fleet, and tells the truth",
  homepage: "https://example.com",
  address,
  download: downloadsOf({ made, version }, address),
};
const files = new Map(managerFiles(product).map((each) => [each.path.replace("managers/", ""), each.bytes.toString()]));
const textOf = (name: string): string => files.get(name) ?? "";
const has = (name: string): boolean => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;

test("each package manager has its files", () => {
  expect([...files.keys()]).toEqual([
    "homebrew/claude-orchestrator.rb",
    "scoop/claude-orchestrator.json",
    "chocolatey/claude-orchestrator.nuspec",
    "chocolatey/tools/chocolateyinstall.ps1",
    "aur/PKGBUILD",
    "aur/.SRCINFO",
    "winget/ClaudeOrchestrator.ClaudeOrchestrator.yaml",
    "winget/ClaudeOrchestrator.ClaudeOrchestrator.locale.en-US.yaml",
    "winget/ClaudeOrchestrator.ClaudeOrchestrator.installer.yaml",
  ]);
});

test("every archive stands beside its own hash", () => {
  for (const { platform, sha256, path } of made) {
    const where = platform === "win-x64" ? "scoop/claude-orchestrator.json" : "homebrew/claude-orchestrator.rb";
    const [, after = ""] = textOf(where).split(`https://downloads.example.com/1.2.3/${path}`);
    expect(/[0-9a-f]{64}/.exec(after)?.[0]).toBe(sha256);
  }
  expect(textOf("winget/ClaudeOrchestrator.ClaudeOrchestrator.installer.yaml")).toContain(`: ${"4".repeat(64)}\n`);
});

test("Scoop knows how to find the next version by itself", () => {
  expect(JSON.parse(textOf("scoop/claude-orchestrator.json"))).toMatchObject({
    version,
    bin: "claude-orchestrator.exe",
    autoupdate: {
      architecture: {
        "64bit": { url: "https://downloads.example.com/$version/claude-orchestrator-$version-win-x64.zip" },
      },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  });
});

test("what Arch builds from and what it lists say the same", () => {
  const script = `${textOf("aur/PKGBUILD")}
for name in pkgdesc pkgver pkgrel url arch license depends optdepends provides conflicts options \\
  source_x86_64 sha256sums_x86_64 source_aarch64 sha256sums_aarch64; do
  declare -n values=$name; for value in "\${values[@]}"; do printf '\\t%s = %s\\n' "$name" "$value"; done
done`;
  const { stdout, stderr } = spawnSync("bash", ["-euc", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  const listed = textOf("aur/.SRCINFO")
    .split("\n")
    .filter((line) => line.startsWith("\t"));
  expect(stdout.trimEnd().split("\n").toSorted()).toEqual(listed.toSorted());
});

test.skipIf(!has("ruby"))("Ruby can read the formula", () => {
  const { stdout } = spawnSync("ruby", ["-c"], { input: textOf("homebrew/claude-orchestrator.rb"), encoding: "utf8" });
  expect(stdout).toBe("Syntax OK\n");
});

test.skipIf(!has("python3"))("the package of Chocolatey is XML", () => {
  const reader = "import sys, xml.etree.ElementTree as e; print(e.fromstring(sys.stdin.buffer.read())[0][1].text)";
  const input = textOf("chocolatey/claude-orchestrator.nuspec");
  expect(spawnSync("python3", ["-c", reader], { input, encoding: "utf8" })).toMatchObject({ stdout: "1.2.3\n" });
});

test("what was made for one system only is told for no other", () => {
  const download = downloadsOf({ made: made.slice(0, 1), version }, address);
  expect(managerFiles({ ...product, download }).map((each) => each.path)).toEqual([
    "managers/homebrew/claude-orchestrator.rb",
    "managers/aur/PKGBUILD",
    "managers/aur/.SRCINFO",
  ]);
});
