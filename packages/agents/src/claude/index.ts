import type { AgentAdapter } from "@claude-orchestrator/engine/ports";
import { claudeGateway } from "./gateway.ts";
import { claudeInvocation } from "./invocation.ts";
import { claudeParser } from "./parser.ts";
import { claudeProblems } from "./problems.ts";
import { claudeProgram } from "./program.ts";

/** Claude Code, as measured with 2.1.330: NOTES.md beside this file says what was seen and what follows from it. */
export const claude: AgentAdapter = {
  name: "claude",
  about: "Anthropic's Claude Code, run as `claude -p` with its stream of events",
  program: claudeProgram,
  capabilities: {
    resume: true,
    usage: "live",
    cost: "reported",
    structuredOutput: true,
    commands: true,
    sessions: true,
    maxTurns: true,
    systemPrompt: true,
    mcp: true,
  },
  passEnv: [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_UNIX_SOCKET",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_CODE_USE_BEDROCK",
    "ANTHROPIC_BEDROCK_BASE_URL",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
    "AWS_REGION",
    "CLAUDE_CODE_USE_VERTEX",
    "ANTHROPIC_VERTEX_PROJECT_ID",
    "ANTHROPIC_VERTEX_BASE_URL",
    "CLOUD_ML_REGION",
    "CLAUDE_CODE_USE_FOUNDRY",
    "ANTHROPIC_FOUNDRY_API_KEY",
    "ANTHROPIC_FOUNDRY_BASE_URL",
    "ANTHROPIC_FOUNDRY_RESOURCE",
  ],
  configDirectory: {
    env: "CLAUDE_CONFIG_DIR",
    home: ".claude",
    // No settings: they hold hooks, and none is wanted that a person has not written into the fleet's file.
    links: [".credentials.json", "CLAUDE.md", "agents", "commands", "skills"],
    files: { ".claude.json": '{"hasCompletedOnboarding":true}\n' },
  },
  gateway: claudeGateway,
  // Only SIGINT lets it print what the turn cost; SIGTERM still ends its tools, SIGKILL does not.
  stopLadder: [
    { signal: "SIGINT", to: "process", waitMs: 3000 },
    { signal: "SIGTERM", to: "process", waitMs: 3000 },
    { signal: "SIGKILL", to: "group", waitMs: 1000 },
  ],
  problems: claudeProblems,
  invocation: claudeInvocation,
  createParser: claudeParser,
};
