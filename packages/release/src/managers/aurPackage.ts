import { textFile } from "../program/sharedFiles.ts";
import type { StagedFile } from "../stagedFile.ts";
import type { Download, Product } from "./downloads.ts";

const name = "claude-orchestrator-bin";

const architectures = [
  ["x86_64", "linux-x64"],
  ["aarch64", "linux-arm64"],
] as const;

/** PKGBUILD and .SRCINFO, which must say the same; nothing where nothing was made for Linux. */
export function aurPackage(product: Product): readonly StagedFile[] {
  const sources = architectures.flatMap(([architecture, platform]) => {
    const found = product.download(platform);
    return found === undefined ? [] : [{ architecture, platform, ...found }];
  });
  if (sources.length === 0) return [];
  return [textFile("PKGBUILD", pkgbuild(product, sources)), textFile(".SRCINFO", srcinfo(product, sources))];
}

interface Source extends Download {
  readonly architecture: string;
  readonly platform: string;
}

/** Arch has no hyphen in a version. */
function archVersion(version: string): string {
  return version.replaceAll("-", "_");
}

function pkgbuild({ version, description, homepage }: Product, sources: readonly Source[]): string {
  return `pkgname=${name}
pkgver=${archVersion(version)}
pkgrel=1
pkgdesc='${description}'
arch=(${sources.map(({ architecture }) => `'${architecture}'`).join(" ")})
url='${homepage}'
license=('MIT')
depends=('glibc' 'gcc-libs')
optdepends=('git: worktrees' 'bubblewrap: isolation')
provides=('claude-orchestrator')
conflicts=('claude-orchestrator')
# Stripping would cut off what the executable carries.
options=('!strip' '!debug')
${sources
  .map(
    ({ architecture, url, sha256 }) => `source_${architecture}=('${url}')\nsha256sums_${architecture}=('${sha256}')\n`,
  )
  .join("")}
package() {
  case $CARCH in
${sources.map(({ architecture, platform }) => `    ${architecture}) cd "claude-orchestrator-${version}-${platform}" ;;\n`).join("")}  esac
  install -Dm755 bin/claude-orchestrator "$pkgdir/usr/bin/claude-orchestrator"
  cp -r share "$pkgdir/usr/share"
  install -Dm644 share/doc/claude-orchestrator/LICENSE "$pkgdir/usr/share/licenses/$pkgname/LICENSE"
}
`;
}

function srcinfo({ version, description, homepage }: Product, sources: readonly Source[]): string {
  const lines = [
    ["pkgdesc", description],
    ["pkgver", archVersion(version)],
    ["pkgrel", "1"],
    ["url", homepage],
    ...sources.map(({ architecture }) => ["arch", architecture]),
    ["license", "MIT"],
    ["depends", "glibc"],
    ["depends", "gcc-libs"],
    ["optdepends", "git: worktrees"],
    ["optdepends", "bubblewrap: isolation"],
    ["provides", "claude-orchestrator"],
    ["conflicts", "claude-orchestrator"],
    ["options", "!strip"],
    ["options", "!debug"],
    ...sources.flatMap(({ architecture, url, sha256 }) => [
      [`source_${architecture}`, url],
      [`sha256sums_${architecture}`, sha256],
    ]),
  ];
  const told = lines.map(([key, value]) => `\t${key} = ${value}\n`).join("");
  return `pkgbase = ${name}\n${told}\npkgname = ${name}\n`;
}
