import { useCallback } from "react";
import { api } from "../data/api.ts";
import type { RunAction } from "../screens/run/possibleActions.ts";
import { useSettings } from "../settings/SettingsProvider.tsx";
import type { Settings } from "../settings/settings.ts";
import { chooseTheme } from "../theme/theme.ts";
import type { Theme } from "../theme/theme.ts";

/** What is done at once, without going anywhere. */
export type Doing =
  | { readonly kind: "run"; readonly action: Exclude<RunAction, "stop">; readonly run: string }
  | { readonly kind: "copy"; readonly text: string; readonly what: string }
  | { readonly kind: "theme"; readonly theme: Theme }
  | { readonly kind: "settings"; readonly change: Partial<Settings>; readonly said: string };

/** Does it; the answer is what is said of it. The promise rejects with RequestProblem or Unreachable. */
export function useDoing(): (doing: Doing) => Promise<string> {
  const [, change] = useSettings();
  return useCallback(
    async (doing) => {
      switch (doing.kind) {
        case "run":
          return doToRun(doing.action, doing.run);
        case "copy":
          await navigator.clipboard.writeText(doing.text);
          return `${doing.what} copied`;
        case "theme":
          chooseTheme(doing.theme);
          return "The theme is changed";
        case "settings":
          change(doing.change);
          return doing.said;
      }
    },
    [change],
  );
}

async function doToRun(action: Exclude<RunAction, "stop">, run: string): Promise<string> {
  switch (action) {
    case "resume":
      await api.resume(run, {});
      return "It goes on";
    case "pause":
      return (await api.pause(run)).message;
    case "unpause":
      return (await api.unpause(run)).message;
    case "retry":
      return (await api.retry(run, {})).message;
  }
}
