/** What a part of code is, for its colour. */
export const tokenKinds = ["keyword", "string", "comment", "number", "name", "type"] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** Parts of one line that have a kind: first character, one after the last, place in `tokenKinds`; over and over. */
export type LineTokens = readonly number[];

/** What the highlighter calls them; what is not here has no colour. */
const kinds: Readonly<Record<string, TokenKind>> = {
  keyword: "keyword",
  literal: "keyword",
  operator: "keyword",
  tag: "keyword",
  "selector-tag": "keyword",
  string: "string",
  regexp: "string",
  symbol: "string",
  char: "string",
  code: "string",
  comment: "comment",
  quote: "comment",
  doctag: "comment",
  number: "number",
  title: "name",
  section: "name",
  attr: "name",
  attribute: "name",
  property: "name",
  name: "name",
  "selector-class": "name",
  "selector-id": "name",
  "selector-attr": "name",
  "selector-pseudo": "name",
  type: "type",
  built_in: "type",
  meta: "type",
  "template-variable": "type",
  variable: "type",
  bullet: "type",
};

const pieces = /<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|([^<&]+|[<&])/g;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

/**
 * What the highlighter prints, read as what each part of each line is. Its markup never becomes markup of the page: only places and
 * kinds are taken from it.
 */
export function codeTokens(html: string): readonly LineTokens[] {
  const lines: number[][] = [[]];
  const open: (TokenKind | undefined)[] = [];
  let column = 0;
  const take = (text: string): void => {
    const [first = "", ...others] = text.split("\n");
    add(lines.at(-1) ?? [], column, first.length, open.at(-1));
    column += first.length;
    for (const part of others) {
      lines.push([]);
      add(lines.at(-1) ?? [], 0, part.length, open.at(-1));
      column = part.length;
    }
  };
  for (const [piece, classes, entity, plain] of html.matchAll(pieces)) {
    if (classes !== undefined) open.push(kindOf(classes) ?? (classes.includes("subst") ? undefined : open.at(-1)));
    else if (piece === "</span>") open.pop();
    else take(entity === undefined ? (plain ?? "") : (entities[entity] ?? ""));
  }
  return lines;
}

function kindOf(classes: string): TokenKind | undefined {
  const name = classes.split(" ").find((each) => each.startsWith("hljs-"));
  return name === undefined ? undefined : kinds[name.slice("hljs-".length)];
}

function add(line: number[], from: number, length: number, kind: TokenKind | undefined): void {
  if (kind === undefined || length === 0) return;
  const place = tokenKinds.indexOf(kind);
  const goesOn = line.at(-1) === place && line.at(-2) === from;
  if (goesOn) line[line.length - 2] = from + length;
  else line.push(from, from + length, place);
}
