/**
 * The root metadata this program believes by itself: `node scripts/releaseTuf.ts pin FILE` writes it here, before the first release
 * that can update itself. Undefined in a build without: nothing is believed then but what a person names.
 */
export function pinnedRoot(): string | undefined {
  return pinned;
}

const pinned: string | undefined = undefined;
