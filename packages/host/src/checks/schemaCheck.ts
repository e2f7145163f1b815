import type { JsonObject } from "@claude-orchestrator/domain";
import type { ErrorObject, ValidateFunction } from "ajv";
import type { Finding } from "./checkRunner.ts";

const shownErrors = 5;

/**
 * Whether a value fits a JSON Schema: draft 2020-12, or draft 7 and 6 where `$schema` says so. Words the validator does not
 * know, and formats, are not enforced. The validator is loaded at its first use: most runs need none.
 */
export async function validateJson(schema: JsonObject, value: unknown): Promise<Finding> {
  let validate: ValidateFunction;
  try {
    validate = await compile(schema);
  } catch (error) {
    return {
      ok: false,
      detail: `the schema cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  if (validate(value)) return { ok: true, detail: "it fits" };
  const errors = validate.errors ?? [];
  const more = errors.length > shownErrors ? ` (and ${errors.length - shownErrors} more)` : "";
  return { ok: false, detail: errors.slice(0, shownErrors).map(wordError).join("; ") + more };
}

async function compile(schema: JsonObject): Promise<ValidateFunction> {
  const { $schema: dialect, ...rest } = schema;
  const options = { strict: false, allErrors: true, validateFormats: false, logger: false } as const;
  const { Ajv, Ajv2020 } = await import("./schemaCompilers.ts");
  const isOlder = typeof dialect === "string" && /draft-0[67]/.test(dialect);
  return (isOlder ? new Ajv(options) : new Ajv2020(options)).compile(rest);
}

function wordError({ instancePath, message = "does not fit", params }: ErrorObject): string {
  const extra = Object.values(params).filter((value) => typeof value === "string");
  const named = extra.length > 0 && !extra.some((word) => message.includes(word)) ? ` (${extra.join(", ")})` : "";
  return `${instancePath === "" ? "it" : instancePath} ${message}${named}`;
}
