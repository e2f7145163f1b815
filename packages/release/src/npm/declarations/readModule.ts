/** What one file of declarations says, as the compiler writes it: each statement begins at the start of a line. */
export interface DeclarationModule {
  /** What it declares, by name: the statement with its comment, without `export`. */
  readonly declared: ReadonlyMap<string, string>;
  /** Names that come from another file: their name there, and the specifier. */
  readonly taken: ReadonlyMap<string, Taken>;
  /** Names it hands on, itself or of others. */
  readonly handedOn: ReadonlyMap<string, Taken>;
  /** Specifiers of files all of whose names it hands on. */
  readonly handedOnWhole: readonly string[];
}

export interface Taken {
  readonly name: string;
  /** Absent: from the file itself. */
  readonly from?: string;
}

const statementStart = /^(?:export|import|declare|type|interface|abstract|class)\b/;
const declaration =
  /^(?:export )?(?:declare )?(?:abstract )?(?:function|class|interface|type|const|enum) (?<name>[\w$]+)/m;
const listed = /^(?<kind>import|export) (?:type )?\{(?<names>[\s\S]*?)\}(?: from "(?<from>[^"]+)")?;$/m;
const whole = /^export (?:type )?\* from "(?<from>[^"]+)";$/m;

/** @throws Error at a statement it does not know: nothing is left out unseen */
export function readModule(text: string): DeclarationModule {
  const declared = new Map<string, string>();
  const taken = new Map<string, Taken>();
  const handedOn = new Map<string, Taken>();
  const handedOnWhole: string[] = [];
  for (const statement of statements(text)) {
    const bare = withoutComments(statement).trim();
    const list = listed.exec(bare)?.groups;
    const all = whole.exec(bare)?.groups;
    if (all?.["from"] !== undefined) handedOnWhole.push(all["from"]);
    else if (list !== undefined) {
      const into = list["kind"] === "import" ? taken : handedOn;
      for (const [local, from] of namesIn(list["names"] ?? "", list["from"], list["kind"])) into.set(local, from);
    } else readDeclaration(statement, bare, declared, handedOn);
  }
  return { declared, taken, handedOn, handedOnWhole };
}

function readDeclaration(
  statement: string,
  bare: string,
  declared: Map<string, string>,
  handedOn: Map<string, Taken>,
): void {
  const name = declaration.exec(bare)?.groups?.["name"];
  if (name === undefined) throw new Error(`cannot be rolled up: ${bare.slice(0, 100)}`);
  // Of overloads there is one statement each.
  const before = declared.get(name);
  const text = statement.replace(/^export /m, "").trim();
  declared.set(name, before === undefined ? text : `${before}\n${text}`);
  if (bare.startsWith("export ")) handedOn.set(name, { name });
}

/** `A, type B as C`: what each is called here, and there. */
function namesIn(
  names: string,
  from: string | undefined,
  kind: string | undefined,
): readonly (readonly [string, Taken])[] {
  return names
    .split(",")
    .map((each) => each.trim().replace(/^type /, ""))
    .filter((each) => each !== "")
    .map((each) => {
      const [first = "", second = first] = each.split(" as ");
      // An import renames what it takes, an export what it gives.
      const [here, there] = kind === "import" ? [second, first] : [second, first];
      return [here, { name: there, ...(from === undefined ? {} : { from }) }] as const;
    });
}

/** Each with the comment right before it. */
function statements(text: string): readonly string[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, at) => (statementStart.test(line) ? [commentBefore(lines, at)] : []));
  return starts.map((start, at) => lines.slice(start, starts[at + 1]).join("\n"));
}

function commentBefore(lines: readonly string[], at: number): number {
  if (lines[at - 1]?.endsWith("*/") !== true) return at;
  for (let start = at - 1; start >= 0; start -= 1) if (lines[start]?.startsWith("/**") === true) return start;
  return at;
}

export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
}
