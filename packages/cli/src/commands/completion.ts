import { defineCommand } from "./command.ts";

const shells = ["bash", "zsh", "fish", "pwsh"] as const;

export const completion = defineCommand({
  name: "completion",
  summary: "Print the completion script of a shell",
  about: [
    "bash  claude-orchestrator completion bash > ~/.local/share/bash-completion/completions/claude-orchestrator",
    'zsh   claude-orchestrator completion zsh > "${fpath[1]}/_claude-orchestrator"',
    "fish  claude-orchestrator completion fish > ~/.config/fish/completions/claude-orchestrator.fish",
    "pwsh  claude-orchestrator completion pwsh >> $PROFILE",
  ].join("\n"),
  arguments: [{ name: "SHELL", about: "bash, zsh, fish or pwsh", required: true, choices: shells }],
  flags: {},
  examples: ["completion bash"],

  async run([shell = ""], _flags, io) {
    const { completionScript } = await import("../completion/completionScript.ts");
    io.out.write(completionScript(shell));
    return 0;
  },
});
