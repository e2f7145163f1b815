import type { Step } from "./yamlPlace.ts";

/** What of JSON Schema our file's uses. */
export interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** Something that can be written at a place. */
export interface Hint {
  readonly word: string;
  /** The first sentence that is known about it. */
  readonly about: string;
  readonly isRequired: boolean;
  /** What comes after a field's name: a value on its line, or lines below it. */
  readonly holds: "value" | "fields" | "list";
}

/** The fields that can stand at a path, those that must be there first. */
export function fieldsAt(schema: Schema, path: readonly Step[]): readonly Hint[] {
  const hints = new Map<string, Hint>();
  for (const each of schemasAt(schema, path)) {
    for (const [word, field] of Object.entries(each.properties ?? {})) {
      const isRequired = each.required?.includes(word) === true;
      const about = aboutOf(field);
      if (!hints.has(word) && !/^Older name/i.test(about))
        hints.set(word, { word, about, isRequired, holds: holdsOf(field) });
    }
  }
  return [...hints.values()].toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

/** The words a value can be, where they are few. */
export function valuesAt(schema: Schema, path: readonly Step[]): readonly string[] {
  const words = schemasAt(schema, path).flatMap((each) => [
    ...(each.enum ?? []),
    ...(each.const === undefined ? [] : [each.const]),
    ...(hasType(each, "boolean") ? [true, false] : []),
  ]);
  return [...new Set(words.filter((word) => word !== null && typeof word !== "object").map(String))];
}

/** What is known about a place; "" where nothing is. */
export function aboutAt(schema: Schema, path: readonly Step[]): string {
  const last = path.at(-1);
  if (last === undefined || last === "item") return "";
  for (const parent of schemasAt(schema, path.slice(0, -1))) {
    const field = parent.properties?.[last.key];
    if (field !== undefined) return aboutOf(field);
  }
  return "";
}

/** Every shape that a place may have. */
function schemasAt(schema: Schema, path: readonly Step[]): readonly Schema[] {
  let here = shapesOf(schema);
  for (const step of path) here = here.flatMap((each) => under(each, step)).flatMap(shapesOf);
  return here;
}

function under({ properties, additionalProperties, items }: Schema, step: Step): readonly Schema[] {
  if (step === "item") return items === undefined ? [] : [items];
  const field = Object.hasOwn(properties ?? {}, step.key) ? properties?.[step.key] : undefined;
  if (field !== undefined) return [field];
  return typeof additionalProperties === "object" ? [additionalProperties] : [];
}

function shapesOf(schema: Schema): readonly Schema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(shapesOf)];
}

function aboutOf(schema: Schema): string {
  return shapesOf(schema).find(({ description }) => description !== undefined)?.description ?? "";
}

function holdsOf(field: Schema): Hint["holds"] {
  const shapes = shapesOf(field);
  // The plainest way to write it is offered: a value before a list, a list before fields.
  const isPlain = ["string", "number", "integer", "boolean"].some((type) => shapes.some((each) => hasType(each, type)));
  if (isPlain || shapes.some((each) => each.enum !== undefined)) return "value";
  const list = shapes.find((each) => hasType(each, "array"));
  if (list !== undefined) return list.items !== undefined && shapesOf(list.items).some(isObject) ? "list" : "value";
  return shapes.some(isObject) ? "fields" : "value";
}

function isObject(schema: Schema): boolean {
  return schema.properties !== undefined;
}

function hasType({ type }: Schema, wanted: string): boolean {
  return typeof type === "string" ? type === wanted : type?.includes(wanted) === true;
}
