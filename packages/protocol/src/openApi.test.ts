import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openApiDocument } from "./openApi.ts";
import { permissions } from "./permissions.ts";
import { routes } from "./routes.ts";
import type { Route } from "./route.ts";

test("docs/openapi.json is what the routes say: `node scripts/openApi.ts` writes it", () => {
  const committed: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../../../docs/openapi.json"), "utf8"));
  expect(openApiDocument()).toEqual(committed);
});

test("each route has a permission, its own place, and a parameter for each name in its path", () => {
  const all = Object.values<Route>(routes);
  expect(all.filter(({ permission }) => permission !== "public" && !permissions.includes(permission))).toEqual([]);
  expect(new Set(all.map(({ method, path }) => `${method} ${path}`)).size).toBe(all.length);
  const wrong = all.filter(({ path, params }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    return names.join() !== Object.keys(params?.shape ?? {}).join();
  });
  expect(wrong).toEqual([]);
});

test("nothing is changed by looking", () => {
  const changing = Object.values<Route>(routes).filter(
    ({ method, permission }) => method === "GET" && /control|start|change/.test(permission),
  );
  expect(changing).toEqual([]);
});
