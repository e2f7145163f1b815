/** A file to start from. */
export interface Example {
  readonly name: string;
  readonly summary: string;
  /** The whole YAML file. */
  readonly text: string;
}
