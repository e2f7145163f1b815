import path from "node:path";
import type { Declarations } from "./emitDeclarations.ts";
import { readModule, withoutComments } from "./readModule.ts";
import type { DeclarationModule } from "./readModule.ts";

export interface RollUpWish {
  /** As `Declarations` names it. */
  readonly entry: string;
  /** Files that other specifiers than relative ones lead to. */
  readonly doors: Readonly<Record<string, string>>;
}

interface Place {
  readonly file: string;
  readonly name: string;
}

/**
 * One file of declarations in the place of many: what the entry hands on, exported, and what that needs, not exported. No path of the
 * clone is left in it.
 *
 * @throws Error where something comes from outside of what was given, or two things have one name
 */
export function rollUp(declarations: Declarations, { entry, doors }: RollUpWish): string {
  const reader = new Reader(declarations, doors);
  const exported = new Map(reader.exportsOf(entry).map((name) => [name, reader.resolve(entry, name)]));
  const gathered = new Map<string, Place>();
  const waiting = [...exported.values()];
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    const known = gathered.get(place.name);
    if (known !== undefined && known.file !== place.file) {
      throw new Error(`two things are called ${place.name}: in ${known.file} and in ${place.file}`);
    }
    if (known !== undefined) continue;
    gathered.set(place.name, place);
    waiting.push(...reader.needsOf(place));
  }
  for (const [name, place] of exported) {
    if (name !== place.name) throw new Error(`${place.name} is handed on as ${name}: give it one name`);
  }
  const parts = [...gathered.values()].map((place) => written(reader.textOf(place), exported.has(place.name)));
  return `${parts.join("\n\n")}\n\nexport {};\n`;
}

function written(text: string, isExported: boolean): string {
  return isExported
    ? text.replace(/^(?=declare |abstract |class |interface |type |const |function )/m, "export ")
    : text;
}

class Reader {
  readonly #declarations: Declarations;
  readonly #doors: Readonly<Record<string, string>>;
  readonly #modules = new Map<string, DeclarationModule>();

  constructor(declarations: Declarations, doors: Readonly<Record<string, string>>) {
    this.#declarations = declarations;
    this.#doors = doors;
  }

  exportsOf(file: string): readonly string[] {
    const { handedOn, handedOnWhole } = this.#module(file);
    return [...handedOn.keys(), ...handedOnWhole.flatMap((from) => this.exportsOf(this.#file(file, from)))];
  }

  /** Where what a file calls so is declared. */
  resolve(file: string, name: string): Place {
    const place = this.#find(file, name);
    if (place === undefined) throw new Error(`${file} has no ${name}`);
    return place;
  }

  textOf({ file, name }: Place): string {
    return this.#module(file).declared.get(name) ?? "";
  }

  /** Every other declaration whose name its text has. */
  needsOf(place: Place): readonly Place[] {
    const { declared, taken } = this.#module(place.file);
    const words = new Set(
      withoutComments(this.textOf(place))
        .replaceAll(/"[^"]*"/g, "")
        .match(/[A-Za-z_$][\w$]*/g),
    );
    return [...words]
      .filter((word) => word !== place.name && (declared.has(word) || taken.has(word)))
      .map((word) => this.resolve(place.file, word));
  }

  #find(file: string, name: string): Place | undefined {
    const { declared, taken, handedOn, handedOnWhole } = this.#module(file);
    if (declared.has(name)) return { file, name };
    const elsewhere = taken.get(name) ?? handedOn.get(name);
    if (elsewhere !== undefined) {
      return this.#find(elsewhere.from === undefined ? file : this.#file(file, elsewhere.from), elsewhere.name);
    }
    for (const from of handedOnWhole) {
      const found = this.#find(this.#file(file, from), name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #file(from: string, specifier: string): string {
    if (!specifier.startsWith(".")) return this.#doors[specifier] ?? specifier;
    return path.posix.join(path.posix.dirname(from), specifier).replace(/\.ts$/, "");
  }

  #module(file: string): DeclarationModule {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const text = this.#declarations.get(file);
    if (text === undefined) throw new Error(`${file} is outside of what is declared`);
    const read = readModule(text);
    this.#modules.set(file, read);
    return read;
  }
}
