/** What starts the daemon when the person signs in, or the machine does. */
export interface ServiceWish {
  /** The program and its words, absolute: `node …/cli.mjs schedule daemon`. */
  readonly argv: readonly string[];
  /** Written into the file, readable to its owner: nothing in it may be secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Where its output is added to, absolute; where the platform does not keep it by itself. */
  readonly logPath: string;
  readonly home: string;
}

export interface Service {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Programs that make the platform know it, in order. */
  readonly enable: readonly (readonly string[])[];
  /** Programs that make it forget it, before the file goes. */
  readonly disable: readonly (readonly string[])[];
  /** What else a person may want to type, in a sentence. */
  readonly hint?: string;
}
