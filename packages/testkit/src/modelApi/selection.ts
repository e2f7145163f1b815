import type { IncomingHttpHeaders } from "node:http";
import type { Conversation } from "./conversation.ts";
import { isScenarioName, type ScenarioName } from "./scenarios/index.ts";

/** A request's address without the scenario prefix `/s/NAME/RUN`. */
export interface Address {
  /** Path without prefix and query: what the API routes on. */
  readonly path: string;
  readonly scenario?: string;
  /** Names of runs keep retries of one apart from those of another. "default" where the address names none. */
  readonly run: string;
}

// A run may not be called like the first part of an API path, since base URLs are given with and without one.
const prefix = /^\/s\/([\w-]+)(?:\/(?!v1\b|v1beta\b|models\b|chat\b|responses\b)([\w.-]+))?(\/.*)?$/;

export function addressOf(url: string): Address {
  const path = url.split("?")[0] ?? "/";
  const found = prefix.exec(path);
  if (found === null) return { path, run: "default" };
  const [, scenario = "", run = "", rest = "/"] = found;
  return { path: rest, scenario, run: `${scenario}/${run}` };
}

/**
 * Which scenario answers, the first that is named:
 * 1. `[[mock:NAME]]` in the latest prompt that has one (so a sub-agent, or a later turn, can have a script of its own)
 * 2. `/s/NAME/RUN` before the API's path   3. header `x-mock-scenario: NAME`   4. API key `mock-NAME`   5. the default
 * The answer may be a name no scenario has: 1 to 3 are said on purpose, so a misspelling must not pass unseen.
 */
export function scenarioNameFor(
  conversation: Conversation,
  address: Address,
  headers: IncomingHttpHeaders,
  fallback: ScenarioName,
): string {
  const header = headers["x-mock-scenario"];
  return (
    markedScenario(conversation) ??
    address.scenario ??
    (typeof header === "string" ? header : undefined) ??
    keyScenario(headers) ??
    fallback
  );
}

function markedScenario(conversation: Conversation): string | undefined {
  const marker = /\[\[mock:([\w-]+)\]\]/;
  // Notices about background work may quote a sub-agent's prompt, marker and all.
  const prompt = conversation.prompts.findLast((text) => marker.test(text) && !text.includes("<task-notification>"));
  return prompt === undefined ? undefined : marker.exec(prompt)?.[1];
}

function keyScenario(headers: IncomingHttpHeaders): ScenarioName | undefined {
  const key = [headers["x-api-key"], headers.authorization, headers["x-goog-api-key"]].find(
    (value) => value !== undefined,
  );
  const name = /mock-([\w-]+)/.exec(String(key ?? ""))?.[1];
  return name !== undefined && isScenarioName(name) ? name : undefined;
}
