import type { KeySource } from "@claude-orchestrator/domain";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a vendor's key and address are looked for where the file does not say: in what its agents would read themselves. */
interface VendorHabits {
  readonly keys: readonly string[];
  readonly urlVariable: string;
  readonly url: string;
  /** Set, they say that the agents are to ask somebody else. */
  readonly elsewhere: readonly string[];
}

const habits: Readonly<Record<ModelVendor, VendorHabits>> = {
  anthropic: {
    keys: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
    urlVariable: "ANTHROPIC_BASE_URL",
    url: "https://api.anthropic.com",
    elsewhere: [
      "CLAUDE_CODE_USE_BEDROCK",
      "CLAUDE_CODE_USE_VERTEX",
      "CLAUDE_CODE_USE_FOUNDRY",
      "ANTHROPIC_UNIX_SOCKET",
    ],
  },
  openai: {
    keys: ["CODEX_API_KEY", "OPENAI_API_KEY"],
    urlVariable: "OPENAI_BASE_URL",
    url: "https://api.openai.com",
    elsewhere: [],
  },
  google: {
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    urlVariable: "GOOGLE_GEMINI_BASE_URL",
    url: "https://generativelanguage.googleapis.com",
    elsewhere: ["GOOGLE_GENAI_USE_VERTEXAI"],
  },
};

/** The variable that an agent would take its key from; undefined where there is none, or the agent is sent elsewhere. */
export function usualKey(vendor: ModelVendor, env: Environment): KeySource | undefined {
  const { keys, elsewhere } = habits[vendor];
  if (elsewhere.some((name) => (env[name] ?? "") !== "")) return undefined;
  const name = keys.find((each) => (env[each] ?? "") !== "");
  return name === undefined ? undefined : { kind: "env", name };
}

/** Why no key of that vendor is known where the file names none, as the end of a sentence. */
export function whyKeyless(vendor: ModelVendor, env: Environment): string {
  const { keys, elsewhere } = habits[vendor];
  const away = elsewhere.find((name) => (env[name] ?? "") !== "");
  if (away !== undefined) return `${away} sends its agents elsewhere than to the API of ${vendor}`;
  return `no key for ${vendor} is known (${keys.join(" or ")})`;
}

/** Where that vendor's API is: as the file says, else as its agents' own variable does, else the vendor's own. */
export function upstreamUrl(vendor: ModelVendor, asked: string | undefined, env: Environment): string {
  const { url: usual, urlVariable } = habits[vendor];
  return withoutVersion(vendor, asked ?? (env[urlVariable] || usual));
}

/** By its convention OpenAI's base address ends with the version, which is part of every path here. */
function withoutVersion(vendor: ModelVendor, url: string): string {
  return vendor === "openai" ? url.replace(/\/v1\/?$/, "") : url;
}
