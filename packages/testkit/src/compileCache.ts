import { fileURLToPath } from "node:url";

/**
 * For the environment of a program of ours that is started from its sources: what whoever was started before it has compiled is
 * not compiled again, which is most of its start. Node keeps it by the text of each file, so nothing in it can be out of date.
 */
export const compileCache: Readonly<Record<"NODE_COMPILE_CACHE", string>> = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL("../../../node_modules/.cache/compiled", import.meta.url)),
};
