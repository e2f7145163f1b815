import { useEffect } from "react";
import { useConnection } from "../data/LiveProvider.tsx";
import { runTabs } from "../screens/run/tabs.ts";
import { screens } from "./screens.ts";

/** Longer than it takes to show what was come for: until then nothing else is in its way. */
const firstMs = 700;

/** Once there is a server, every screen is read, one after the other: then it can be gone to whether or not there still is one. */
export function useReadAhead(): void {
  const isLive = useConnection().is === "live";
  useEffect(() => {
    if (!isLive) return undefined;
    const timer = setTimeout(() => void readAll(), firstMs);
    return () => clearTimeout(timer);
  }, [isLive]);
}

async function readAll(): Promise<void> {
  const parts = [...screens.map(({ screen }) => screen), ...runTabs.map(({ tab }) => tab)];
  try {
    for (const { read } of parts) await read();
  } catch {
    // Whoever goes there is told.
  }
}
