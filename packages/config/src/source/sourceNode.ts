import type { JsonValue } from "@claude-orchestrator/domain";

/** A value of the file together with where it stands: offsets in UTF-16 units, `end` just after it. */
export type SourceNode =
  | (Span & { readonly kind: "scalar"; readonly value: null | boolean | number | string })
  | (Span & { readonly kind: "list"; readonly items: readonly SourceNode[] })
  | (Span & {
      readonly kind: "object";
      readonly entries: readonly SourceEntry[];
      /** The last entry of each key. */
      readonly byKey: ReadonlyMap<string, SourceEntry>;
    });

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SourceEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: SourceNode;
}

export type Path = readonly (string | number)[];

/** The bounds of what is read, whatever the format. */
export const sourceLimits = {
  /** Lists and objects inside one another. */
  depth: 64,
  /** Values in all, with every alias counted as often as it is used. */
  values: 200_000,
  /** Pieces of YAML (words, indicators, breaks) in all: what the parser's time and memory grow with. */
  pieces: 600_000,
} as const;

/** Keys that say something to people only: `// anything` everywhere, `$schema` at the top. */
export function isCommentKey(key: string, depth: number): boolean {
  return key.startsWith("//") || (depth === 0 && key === "$schema");
}

/** An object of the file. */
export function objectNode(entries: readonly SourceEntry[], { start, end }: Span): SourceNode {
  return { kind: "object", entries, byKey: new Map(entries.map((entry) => [entry.key, entry])), start, end };
}

/** The value alone, a fresh copy, without comments. */
export function valueOf(node: SourceNode, depth = 0): JsonValue {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map((item) => valueOf(item, depth + 1));
  const object: Record<string, JsonValue> = {};
  for (const { key, value } of node.entries) {
    if (isCommentKey(key, depth)) continue;
    // A plain assignment to `__proto__` would set the prototype.
    Object.defineProperty(object, key, {
      value: valueOf(value, depth + 1),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return object;
}

/** The entry or item a path leads to, or undefined where it leads nowhere. */
export function nodeAt(root: SourceNode, path: Path): SourceNode | undefined {
  return entryAt(root, path)?.value;
}

/** Like `nodeAt`, with the span of the key for a member of an object. */
export function entryAt(
  root: SourceNode,
  path: Path,
): { readonly value: SourceNode; readonly keySpan?: Span } | undefined {
  let found: { readonly value: SourceNode; readonly keySpan?: Span } | undefined = { value: root };
  for (const key of path) {
    const node: SourceNode | undefined = found?.value;
    if (node?.kind === "list" && typeof key === "number") {
      const item: SourceNode | undefined = node.items[key];
      found = item === undefined ? undefined : { value: item };
    } else if (node?.kind === "object") {
      found = node.byKey.get(String(key));
    } else return undefined;
  }
  return found;
}
