import { api } from "../data/api.ts";
import type { PaletteItem } from "./items.ts";

/** Does it; the answer is what the server says of it. @throws RequestProblem, Unreachable */
export async function doAction({ action, run }: NonNullable<PaletteItem["does"]>): Promise<string> {
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
