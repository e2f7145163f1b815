import type { Io } from "../io/channel.ts";

/** A flag as help, completion, the parser and the docs see it. */
export type FlagSpec = SwitchSpec | ValueSpec;

interface SwitchSpec {
  readonly type: "switch";
  readonly about: string;
  readonly short?: string;
  readonly hidden?: boolean;
}

interface ValueSpec {
  /** text: one value. list: may be given several times. number: one number, checked. */
  readonly type: "text" | "list" | "number";
  /** What stands for the value in help: FILE, NAME=VALUE. */
  readonly value: string;
  readonly about: string;
  readonly short?: string;
  readonly hidden?: boolean;
  readonly choices?: readonly string[];
  /** What a shell completes it with. */
  readonly complete?: Completion;
  /** Names of the ancestor that mean the same. */
  readonly olderNames?: readonly string[];
}

export type Completion = "file" | "folder" | "none";

export interface ArgumentSpec {
  readonly name: string;
  readonly about: string;
  readonly required: boolean;
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly complete?: Completion;
}

export type Flags = Readonly<Record<string, FlagSpec>>;

type ValueOf<Spec extends FlagSpec> = Spec["type"] extends "switch"
  ? boolean
  : Spec["type"] extends "list"
    ? readonly string[]
    : Spec["type"] extends "number"
      ? number | undefined
      : string | undefined;

/** The values of a command's flags, by their names; a switch that was not given is false, a list empty. */
export type FlagValues<Specs extends Flags> = { readonly [Name in keyof Specs]: ValueOf<Specs[Name]> };

interface CommandSpec<Specs extends Flags> {
  /** One word, or two for a command of a group: "runs list". */
  readonly name: string;
  readonly summary: string;
  /** More, below the summary in its help. */
  readonly about?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly flags: Specs;
  /** What a person would type after the program's name. */
  readonly examples: readonly string[];
  /** Gives the exit code. Heavy modules are imported inside, so that help and version cost nothing. */
  run(words: readonly string[], flags: FlagValues<Specs>, io: Io): Promise<number>;
}

/** A command as a value: its parser, its help, its completion and its docs are all derived from it. */
export interface Command extends Omit<CommandSpec<Flags>, "run"> {
  run(words: readonly string[], flags: Readonly<Record<string, unknown>>, io: Io): Promise<number>;
}

/** Binds a command's flags to their types; at run time it is the value itself. */
export function defineCommand<const Specs extends Flags>(spec: CommandSpec<Specs>): Command {
  return {
    ...spec,
    // The parser makes exactly the values the specs promise; that is proven by its tests, not by the compiler.
    run: (words, flags, io) => spec.run(words, flags as FlagValues<Specs>, io),
  };
}
