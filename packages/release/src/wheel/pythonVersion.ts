const letters: Readonly<Record<string, string>> = { alpha: "a", beta: "b", rc: "rc" };

/**
 * A version of ours as Python writes it (PEP 440): `1.2.3-beta.1` is `1.2.3b1`.
 *
 * @throws Error for a version that Python has no word for
 */
export function pythonVersion(version: string): string {
  const [, main, stage, number] = /^(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?$/.exec(version) ?? [];
  if (main === undefined) throw new Error(`${version} cannot be said in Python: only -alpha.N, -beta.N and -rc.N can`);
  return stage === undefined ? main : `${main}${letters[stage]}${number}`;
}
