import type * as z from "zod";
import type { Permission } from "./permissions.ts";

type Fields = z.ZodObject;

/**
 * One route: what is checked, what the types say and what the OpenAPI document shows are all read from here. There is no route
 * without a permission: `public` has to be written.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the server's own path, with `{name}` for parameters. */
  readonly path: `/api/${string}`;
  readonly permission: Permission | "public";
  readonly summary: string;
  readonly params?: Fields;
  readonly query?: Fields;
  readonly body?: Fields;
  /** Of a success. A route that answers with no JSON says so by `answers`. */
  readonly answer: z.ZodType;
  /** Default: json. */
  readonly answers?: "json" | "bytes" | "stream";
  /** Default: 200. */
  readonly status?: 200 | 201 | 202;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<string, never>;
type Given<Schema> = Schema extends z.ZodType ? z.input<Schema> : Record<string, never>;

/** What a handler of the route is given, once it has been checked. */
export interface Asked<Of extends Route> {
  readonly params: Parsed<Of["params"]>;
  readonly query: Parsed<Of["query"]>;
  readonly body: Parsed<Of["body"]>;
}

/** What a client of the route sends. */
export interface Asking<Of extends Route> {
  readonly params: Given<Of["params"]>;
  readonly query: Given<Of["query"]>;
  readonly body: Given<Of["body"]>;
}

/** What the route answers with. */
export type Answer<Of extends Route> = z.output<Of["answer"]>;

/** Keeps each schema's own type; at run time it is the value itself. */
export function defineRoute<const Of extends Route>(route: Of): Of {
  return route;
}
