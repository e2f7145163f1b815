/** A version of ours as Debian sorts it: `1.2.3-beta.1` comes before `1.2.3`, which only `1.2.3~beta.1` says there. */
export function debianVersion(version: string): string {
  return version.replace("-", "~");
}
