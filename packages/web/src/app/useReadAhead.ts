import { useEffect } from "react";
import { useConnection } from "../data/LiveProvider.tsx";
import { runTabs } from "../screens/run/tabs.ts";
import { screens } from "./screens.ts";

/** Once there is a server, every screen is read, one after the other: then it can be gone to whether or not there still is one. */
export function useReadAhead(): void {
  const isLive = useConnection().is === "live";
  useEffect(() => {
    if (isLive) void readAll();
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
