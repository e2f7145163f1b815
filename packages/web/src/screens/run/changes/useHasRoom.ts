import { useSyncExternalStore } from "react";

/** Two columns of code beside each other; the same in Changes.module.css. */
const query = "(min-width: 56rem)";

/** Whether the window is wide enough for two columns of code. */
export function useHasRoom(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}
