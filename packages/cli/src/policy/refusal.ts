import type { Obstacle } from "../run/problems.ts";

export const askAdministrator = "ask whoever administers this machine";

/** One sentence that ends with the file and the line of the policy that say so. */
export function refusal(at: string, message: string, hint: string): Obstacle {
  return { code: "refused-by-policy", message: `${message} (${at})`, hint };
}
