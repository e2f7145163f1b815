import type { Scenario } from "../scenario.ts";
import { answers } from "./answers.ts";
import { delegation } from "./delegation.ts";
import { demo } from "./demo.ts";
import { echoes } from "./echoes.ts";
import { lasting, passing } from "./errors.ts";
import { streams } from "./streams.ts";
import { structured } from "./structured.ts";
import { tools } from "./tools.ts";

const all = {
  ...answers,
  ...tools,
  ...delegation,
  ...structured,
  ...passing,
  ...lasting,
  ...streams,
  ...echoes,
  ...demo,
};

export type ScenarioName = keyof typeof all;

/** Every scripted behaviour, by the name it is selected with. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = all;

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
