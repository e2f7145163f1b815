/** What of an OpenAPI document a client of the one before could stumble over. */

type Tree = Readonly<Record<string, unknown>>;

/**
 * One sentence for each change by which a client that worked with `before` fails with `after`: a route or a field of an answer that is
 * gone, something that must be said now, a value that is not taken any more. What is only added is none.
 */
export function breakingChanges(before: Tree, after: Tree): readonly string[] {
  return entries(before["paths"]).flatMap(([path, methods]) =>
    entries(methods).flatMap(([method, operation]) => {
      const route = `${method.toUpperCase()} ${path}`;
      const now = at(at(at(after, "paths"), path), method);
      return now === undefined ? [`${route} is gone`] : operationChanges(route, tree(operation), tree(now));
    }),
  );
}

function operationChanges(route: string, before: Tree, after: Tree): readonly string[] {
  const permission = before["x-permission"] === after["x-permission"] ? [] : [`${route} needs another permission`];
  const [was, is] = [statusOf(before), statusOf(after)];
  return [
    ...permission,
    ...(was === is ? [] : [`${route} answers with ${is} now, not with ${was}`]),
    ...parameterChanges(route, before, after),
    ...bodyChanges(route, before, after),
    ...answerChanges(route, before, after),
  ];
}

function parameterChanges(route: string, before: Tree, after: Tree): readonly string[] {
  const [old, now] = [parametersOf(before), parametersOf(after)];
  const gone = [...old.keys()].filter((name) => !now.has(name)).map((name) => `${route} takes no \`${name}\` any more`);
  const needed = [...now].flatMap(([name, parameter]) => {
    const wasNeeded = old.get(name)?.["required"] === true;
    return parameter["required"] === true && !wasNeeded ? [`${route} needs \`${name}\` now`] : [];
  });
  const other = [...now].flatMap(([name, { schema }]) =>
    old.has(name) ? notTaken(old.get(name)?.["schema"], schema).map((what) => `${route}: \`${name}\` ${what}`) : [],
  );
  return [...gone, ...needed, ...other];
}

function bodyChanges(route: string, before: Tree, after: Tree): readonly string[] {
  const [old, now] = [bodyOf(before), bodyOf(after)];
  if (now === undefined) return [];
  const gone = namesOf(old)
    .filter((name) => !namesOf(now).includes(name))
    .map((name) => `${route} takes no \`${name}\` in its body any more`);
  const needed = requiredOf(now)
    .filter((name) => !requiredOf(old).includes(name))
    .map((name) => `${route} needs \`${name}\` in its body now`);
  const other = namesOf(now).flatMap((name) => {
    const field = at(at(old, "properties"), name);
    if (field === undefined) return [];
    return notTaken(field, at(at(now, "properties"), name)).map((what) => `${route}: \`${name}\` in its body ${what}`);
  });
  return [...gone, ...needed, ...other];
}

/** What a client could say by the schema before and cannot any more. */
function notTaken(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [typeOf(before), typeOf(after)];
  if (was !== "" && is !== "" && was !== is) return [`is ${is} now, not ${was}`];
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const words = now === undefined ? [] : (old ?? []).filter((word) => !now.includes(word));
  return [
    ...words.map((word) => `takes no \`${String(word)}\` any more`),
    ...(now !== undefined && old === undefined ? ["takes certain words only now"] : []),
    ...["maximum", "maxLength", "maxItems"].flatMap((bound) => tighter(bound, before, after, 1)),
    ...["minimum", "minLength", "minItems", "exclusiveMinimum"].flatMap((bound) => tighter(bound, before, after, -1)),
  ];
}

/** @param sign 1 for a bound from above, -1 from below */
function tighter(bound: string, before: unknown, after: unknown, sign: number): readonly string[] {
  const [was, is] = [at(before, bound), at(after, bound)];
  if (typeof is !== "number") return [];
  const isLooser = typeof was === "number" && sign * was <= sign * is;
  return isLooser ? [] : [`has a narrower ${bound} now: ${is}`];
}

function answerChanges(route: string, before: Tree, after: Tree): readonly string[] {
  return [
    ...lostFields(answerOf(before), answerOf(after), "").map(
      (field) => `${route} does not answer with \`${field}\` any more`,
    ),
    ...otherTypes(answerOf(before), answerOf(after), "").map((what) => `${route} answers with another type: ${what}`),
  ];
}

/** Fields that are there still and are something else now, at whatever depth. */
function otherTypes(before: unknown, after: unknown, place: string): readonly string[] {
  const [was, is] = [typeOf(before), typeOf(after)];
  if (was !== "" && is !== "" && was !== is) return [`\`${place}\` is ${is} now, not ${was}`];
  if (at(before, "items") !== undefined) return otherTypes(at(before, "items"), at(after, "items"), `${place}[]`);
  return namesOf(before).flatMap((name) =>
    otherTypes(
      at(at(before, "properties"), name),
      at(at(after, "properties"), name),
      place === "" ? name : `${place}.${name}`,
    ),
  );
}

/** Fields a client could rely on, at whatever depth. */
function lostFields(before: unknown, after: unknown, place: string): readonly string[] {
  if (at(before, "items") !== undefined) return lostFields(at(before, "items"), at(after, "items"), `${place}[]`);
  return requiredOf(before).flatMap((name) => {
    const field = place === "" ? name : `${place}.${name}`;
    if (!requiredOf(after).includes(name)) return [field];
    return lostFields(at(at(before, "properties"), name), at(at(after, "properties"), name), field);
  });
}

/** "integer", or "integer or null"; "" for a schema that does not say, or that is not there. */
function typeOf(schema: unknown): string {
  const { type, anyOf } = tree(schema);
  if (Array.isArray(anyOf)) return anyOf.map(typeOf).toSorted().join(" or ");
  return typeof type === "string" ? type : Array.isArray(type) ? type.map(String).toSorted().join(" or ") : "";
}

function wordsOf(schema: unknown): readonly unknown[] | undefined {
  const { enum: words } = tree(schema);
  return Array.isArray(words) ? words : undefined;
}

function statusOf(operation: Tree): string {
  return entries(operation["responses"]).find(([status]) => status.startsWith("2"))?.[0] ?? "";
}

function parametersOf(operation: Tree): ReadonlyMap<string, Tree> {
  const { parameters } = operation;
  return new Map(Array.isArray(parameters) ? parameters.map((each: Tree) => [String(each["name"]), each]) : []);
}

function bodyOf(operation: Tree): unknown {
  return at(at(at(operation["requestBody"], "content"), "application/json"), "schema");
}

function answerOf(operation: Tree): unknown {
  const [, success] = entries(operation["responses"]).find(([status]) => status.startsWith("2")) ?? [];
  const [, content] = entries(at(success, "content"))[0] ?? [];
  return at(content, "schema");
}

function requiredOf(schema: unknown): readonly string[] {
  const required = at(schema, "required");
  return Array.isArray(required) ? required.map(String) : [];
}

function namesOf(schema: unknown): readonly string[] {
  return entries(at(schema, "properties")).map(([name]) => name);
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(tree(value));
}

function at(value: unknown, name: string): unknown {
  return tree(value)[name];
}

function tree(value: unknown): Tree {
  return typeof value === "object" && value !== null ? (value as Tree) : {};
}
