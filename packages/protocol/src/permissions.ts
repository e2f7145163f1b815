/**
 * What one must be allowed to ask a route. `self` is anybody who is signed in; a route that is open to the world says `public`,
 * which is no permission anybody can hold.
 */
export const permissions = [
  "self",
  "run:read",
  "run:start",
  "run:control",
  "schedule:read",
  "schedule:change",
  "machine:read",
] as const;

export type Permission = (typeof permissions)[number];

/** What an API token made with `--read-only` may do. */
export const readPermissions: readonly Permission[] = ["self", "run:read", "schedule:read", "machine:read"];
