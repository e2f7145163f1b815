/** A file on its way into an artifact. */
export interface StagedFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly bytes: Buffer;
  /** True: 0755, else 0644, whatever the umask of the machine it is made on. */
  readonly isExecutable?: boolean;
}

/** In one order on every machine: by the path's bytes, not by the language of whoever builds. */
export function inOrder(files: readonly StagedFile[]): readonly StagedFile[] {
  return files.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
