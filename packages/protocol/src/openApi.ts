import * as z from "zod";
import { problem, problemType } from "./problem.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

type Document = Readonly<Record<string, unknown>>;

/** Grows when a client of the routes as they were would be misled. */
const apiVersion = "1";

/** The OpenAPI 3.1 document of all routes, from the schemas they are checked by. */
export function openApiDocument(): Document {
  const paths: Record<string, Record<string, Document>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "claude-orchestrator",
      version: apiVersion,
      description: "One log, two doors: the same runs as on the command line",
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "`claude-orchestrator tokens create`" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-claude-orchestrator",
          description: "By a sign-in link; its name ends with the port",
        },
      },
    },
  };
}

function operation(name: string, route: Route): Document {
  return {
    operationId: name,
    summary: route.summary,
    "x-permission": route.permission,
    security: route.permission === "public" ? [] : [{ token: [] }, { session: [] }],
    parameters: [...parameters("path", route.params), ...parameters("query", route.query)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body, "input") } } },
        }),
    responses: {
      [String(route.status ?? 200)]: {
        description: "Done",
        content: { [contentType(route)]: { schema: schemaOf(route.answer, "output") } },
      },
      default: {
        description: "Why it was not done",
        content: { [problemType]: { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function contentType({ answers = "json" }: Route): string {
  return { json: "application/json", bytes: "application/octet-stream", stream: "text/event-stream" }[answers];
}

function parameters(place: "path" | "query", fields: Route["params"]): readonly Document[] {
  if (fields === undefined) return [];
  const schema = schemaOf(fields, "input") as { properties?: Record<string, Document>; required?: readonly string[] };
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: schema.required?.includes(name) === true,
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

/** @param io of a field with a default: whether it may be left out, as whoever asks may, or is always there */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Document {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
