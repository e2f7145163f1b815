/** Bounds of one file that is read from a source. */
export interface ReadBounds {
  readonly maxBytes: number;
  /** For the whole of it. */
  readonly timeoutMs: number;
}

/** Where updates come from: a server of files, or a folder. Nothing that is read from it is believed for where it was read. */
export interface UpdateSource {
  /** For messages: the address or the folder. */
  readonly name: string;
  /**
   * @param path relative, with forward slashes
   * @throws NotThere where it has no such file; Error where it cannot be read within its bounds
   */
  read(path: string, bounds: ReadBounds): Promise<AsyncIterable<Uint8Array>>;
}

/** The source can be reached and has no such file. */
export class NotThere extends Error {
  override readonly name = "NotThere";
}
