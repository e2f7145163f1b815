/**
 * The readers of JSON Schema, in a module of their own to be imported when a check needs them. Ajv is CommonJS: bundled, an
 * `import()` of it directly has no named exports.
 */
export { Ajv } from "ajv";
export { Ajv2020 } from "ajv/dist/2020.js";
