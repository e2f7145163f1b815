import { createServer } from "node:http";
import { expect, test } from "vitest";
import { buildApp } from "./app.ts";
import type { AppParts } from "./app.ts";

const parts = {
  handlers: {},
  page: { basePath: "", version: "0.1.0", files: undefined, port: () => 0 },
  serverFactory: (handler: Parameters<typeof createServer>[1]) => createServer(handler),
} as unknown as AppParts;

test("a route without a permission keeps the server from being built", () => {
  const app = buildApp(parts);
  expect(() => app.get("/api/open-to-all", () => "everything")).toThrow("/api/open-to-all has no permission");
  expect(() => app.get("/api/also", { config: { name: "also" } }, () => "everything")).toThrow("has no permission");
});
