import { basePath } from "../data/basePath.ts";
import { runTabs } from "../screens/run/tabs.ts";
import { screens } from "./screens.ts";

/** What the address shows is read at once: whoever comes by a link does not wait for one part before the next is asked for. */
export function readAddressed({ pathname, search }: Location): void {
  const place = pathname.slice(basePath().length);
  const screen = screens.find(({ path }) => new RegExp(`^${path.replace(/:\w+/, "[^/]+")}$`).test(place));
  const tabName = new URLSearchParams(search).get("tab") ?? runTabs[0]?.name;
  const tab = screen?.path === "/runs/:run" ? runTabs.find(({ name }) => name === tabName) : undefined;
  // Where one cannot be read, it says so when it is to be shown.
  for (const part of [screen?.screen, tab?.tab]) part?.read().catch(() => undefined);
}
