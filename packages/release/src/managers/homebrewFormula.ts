import type { Product } from "./downloads.ts";

const systems = [
  ["macos", "arm", "darwin-arm64"],
  ["macos", "intel", "darwin-x64"],
  ["linux", "arm", "linux-arm64"],
  ["linux", "intel", "linux-x64"],
] as const;

/** Ruby, for a tap. Systems for which nothing was made are not in it. */
export function homebrewFormula({ version, description, homepage, download }: Product): string {
  const blocks = systems.flatMap(([system, processor, platform]) => {
    const found = download(platform);
    if (found === undefined) return [];
    return `  on_${system} do
    on_${processor} do
      url "${found.url}"
      sha256 "${found.sha256}"
    end
  end
`;
  });
  return `class ClaudeOrchestrator < Formula
  desc "${description}"
  homepage "${homepage}"
  version "${version}"
  license "MIT"

${blocks.join("\n")}
  def install
    bin.install "bin/claude-orchestrator"
    man1.install Dir["share/man/man1/*"]
    bash_completion.install "share/bash-completion/completions/claude-orchestrator"
    zsh_completion.install "share/zsh/site-functions/_claude-orchestrator"
    fish_completion.install "share/fish/vendor_completions.d/claude-orchestrator.fish"
    doc.install Dir["share/doc/claude-orchestrator/*"]
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/claude-orchestrator --version")
  end
end
`;
}
