import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { createClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { readSettings, usualSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

interface Chosen {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly change: (change: Partial<Settings>) => void;
}

const key = "settings";

const SettingsContext = createContext<Chosen>({
  settings: usualSettings,
  clock: createClock(usualSettings),
  change: () => undefined,
});

/** Gives everything below it how somebody wants the page; another tab of the browser that changes it changes it here. */
export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const text = useSyncExternalStore(subscribe, stored);
  const settings = useMemo(() => readSettings(text), [text]);
  const { times, zone } = settings;
  const clock = useMemo(() => createClock({ times, zone }), [times, zone]);
  const change = useCallback((wish: Partial<Settings>) => store({ ...readSettings(stored()), ...wish }), []);
  const chosen = useMemo(() => ({ settings, clock, change }), [settings, clock, change]);
  return <SettingsContext value={chosen}>{children}</SettingsContext>;
}

export function useSettings(): readonly [Settings, Chosen["change"]] {
  const { settings, change } = useContext(SettingsContext);
  return [settings, change];
}

/** Tells times as somebody wants them told. */
export function useClock(): Clock {
  return useContext(SettingsContext).clock;
}

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(settings: Settings): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing is as usual.
  }
  window.dispatchEvent(new Event(key));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(key, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(key, listener);
    window.removeEventListener("storage", listener);
  };
}
