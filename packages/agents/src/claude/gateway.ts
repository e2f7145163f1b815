import { isJsonObject } from "@claude-orchestrator/domain";
import type { AgentGateway, GatewayWay } from "@claude-orchestrator/engine/ports";

/** Variables that lead it to another API than Anthropic's own, none of which our gateway speaks. */
const otherProviders = [
  "CLAUDE_CODE_USE_BEDROCK",
  "ANTHROPIC_BEDROCK_BASE_URL",
  "AWS_BEARER_TOKEN_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "ANTHROPIC_VERTEX_PROJECT_ID",
  "ANTHROPIC_VERTEX_BASE_URL",
  "CLAUDE_CODE_USE_FOUNDRY",
  "ANTHROPIC_FOUNDRY_API_KEY",
  "ANTHROPIC_FOUNDRY_BASE_URL",
  "ANTHROPIC_FOUNDRY_RESOURCE",
] as const;

/** The token goes where a key would: with one of another kind the CLI would choose another model by itself. */
export const claudeGateway: AgentGateway = {
  vendor: ({ env }) => (otherProviders.some((name) => name in env.values) ? undefined : "anthropic"),
  hides: [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_UNIX_SOCKET",
    "CLAUDE_CODE_OAUTH_TOKEN",
    ...otherProviders,
  ],
  env: variables,
  // What a person's own settings file says in its `env` wins over the environment, but not over settings given by a flag.
  settings: (way, own) => ({ ...own, env: { ...(isJsonObject(own["env"]) ? own["env"] : {}), ...variables(way) } }),
};

function variables({ url, token, maxOutputTokens }: GatewayWay): Readonly<Record<string, string>> {
  return {
    ANTHROPIC_BASE_URL: `${url}/anthropic`,
    ANTHROPIC_API_KEY: token,
    ...(maxOutputTokens === undefined ? {} : { CLAUDE_CODE_MAX_OUTPUT_TOKENS: `${maxOutputTokens}` }),
  };
}
