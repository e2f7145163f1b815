/** Folders of this machine and what stands for them on a cassette, so that it plays on another one as well. */
export interface Places {
  /** With `{workspace}`, `{home}`, `{run}` in place of what is only so here. */
  toMarks(text: string): string;
  fromMarks(text: string): string;
}

/** @param folders absolute, by their name without the braces; the longer one wins where one lies in another */
export function createPlaces(folders: Readonly<Record<string, string | undefined>>): Places {
  const pairs = Object.entries(folders)
    .flatMap(([name, folder]) => (folder === undefined || folder.length < 2 ? [] : spellings(name, folder)))
    .toSorted(([one], [other]) => other.length - one.length);
  return {
    toMarks: (text) => pairs.reduce((marked, [folder, mark]) => marked.replaceAll(folder, () => mark), text),
    fromMarks: (text) => pairs.reduce((plain, [folder, mark]) => plain.replaceAll(mark, () => folder), text),
  };
}

/** Claude Code names a project's folder by its path with a dash for each character that is no letter or digit. */
function spellings(name: string, folder: string): readonly (readonly [string, string])[] {
  const inJson = JSON.stringify(folder).slice(1, -1);
  return [
    [folder, `{${name}}`],
    [folder.replaceAll(/[^A-Za-z0-9]/g, "-"), `{${name}-dashed}`],
    ...(inJson === folder ? [] : [[inJson, `{${name}-json}`] as const]),
  ];
}
