import { themes, themeWords } from "../theme/theme.ts";
import type { PaletteItem } from "./items.ts";

/** What can be set without opening the settings, and how they are opened. */
export const settingItems: readonly PaletteItem[] = [
  { id: "settings", title: "Settings", detail: "times, zone, theme, what is read out", opens: "settings" },
  { id: "keys", title: "Keys: show, change or turn off", detail: "?", opens: "keys" },
  ...themes.map((theme) => ({
    id: `theme-${theme}`,
    title: `Theme: ${themeWords[theme].toLowerCase()}`,
    detail: "setting",
    does: { kind: "theme", theme } as const,
  })),
  setting("times-relative", "Times: how long ago", { times: "relative" }),
  setting("times-absolute", "Times: when", { times: "absolute" }),
  setting("zone-own", "Time zone: of this browser", { zone: "" }),
  setting("zone-utc", "Time zone: UTC", { zone: "UTC" }),
  setting("single-on", "Keys without Ctrl: on", { singleKeys: true }),
  setting("single-off", "Keys without Ctrl: off", { singleKeys: false }),
  setting("announce-on", "Read out what ends: on", { announces: true }),
  setting("announce-off", "Read out what ends: off", { announces: false }),
];

function setting(
  id: string,
  title: string,
  change: Extract<NonNullable<PaletteItem["does"]>, { kind: "settings" }>["change"],
): PaletteItem {
  return { id, title, detail: "setting", does: { kind: "settings", change, said: title } };
}
