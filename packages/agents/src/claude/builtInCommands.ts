/** A slash command that Claude Code 2.1.330 brings along and accepts in headless mode, as it lists them itself. */
export interface BuiltInCommand {
  /** Without the slash. */
  readonly name: string;
  readonly description: string;
}

export const claudeBuiltInCommands: readonly BuiltInCommand[] = Object.entries({
  agents: "Create and manage sub-agents",
  "auto-mode-setup": "Teach auto mode about this environment",
  autocompact: "Set how full the context gets before it is summarised",
  batch: "Plan a large change and carry it out in parallel work trees",
  "claude-api": "Reference for the Claude API and its SDKs",
  clear: "Begin a new session with empty context",
  "code-review": "Review the current diff, a pull request, a branch or a path",
  color: "Set the colour of the prompt bar",
  compact: "Summarise the conversation so far to free context",
  config: "Set a setting: key=value",
  context: "Show what fills the context",
  cost: "Another name of /usage",
  dataviz: "Guidance for charts, graphs and dashboards",
  debug: "Switch on debug logging and help to find a fault",
  "deep-research": "Search widely, check the sources, report",
  doctor: "Check the health of this Claude Code installation",
  effort: "Set the model's effort",
  fast: "Switch fast mode on or off",
  "fewer-permission-prompts": "Propose an allow-list from past sessions",
  focus: "Switch the focus view on or off",
  goal: "Keep working until a condition is met",
  heapdump: "Write a heap dump",
  init: "Write a CLAUDE.md for this repository",
  insights: "Report on past sessions",
  "list-agents": "List sub-agents and other sessions",
  loop: "Run a prompt or command again and again",
  mcp: "Manage MCP servers",
  model: "Set the model",
  new: "Another name of /clear",
  "output-style": "List output styles or switch to one",
  "plugin-authoring": "Make or change a plugin",
  recap: "One line about the session so far",
  "reload-plugins": "Take pending plugin changes into use",
  "reload-skills": "Read skills from disk again",
  rename: "Rename the conversation",
  reset: "Another name of /clear",
  review: "Review a pull request or the current diff",
  run: "Start this project's program to see a change work",
  "run-skill-generator": "Write the skill that tells how to run this project",
  "security-review": "Review the pending changes for security",
  simplify: "Review changed code for reuse and simplicity, then clean it up",
  "team-onboarding": "Write a guide for teammates from past use",
  "update-config": "Change Claude Code's settings",
  usage: "Show cost and usage of the session and the plan",
  verify: "Check by running it that a change does what it should",
  "workflow-authoring": "Reference for writing workflow scripts",
}).map(([name, description]) => ({ name, description }));

/** Commands of an interactive session: known in headless mode too, where they answer that they are not available. */
export const claudeInteractiveCommands: readonly string[] = [
  "bug",
  "export",
  "help",
  "memory",
  "permissions",
  "resume",
  "status",
  "statusline",
  "ultrareview",
];

const names = new Set(claudeBuiltInCommands.map((command) => command.name));

/** True where `name` (without the slash) is a built-in. */
export function isClaudeBuiltIn(name: string): boolean {
  return names.has(name);
}
