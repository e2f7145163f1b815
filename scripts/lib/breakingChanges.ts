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
  return [
    ...permission,
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
  return [...gone, ...needed];
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
  return [...gone, ...needed];
}

function answerChanges(route: string, before: Tree, after: Tree): readonly string[] {
  return lostFields(answerOf(before), answerOf(after), "").map(
    (field) => `${route} does not answer with \`${field}\` any more`,
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
