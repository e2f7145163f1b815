import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "vite";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * Writes which modules are in which file of the page, in the shape of the program's own `meta.json`: whose code is shipped is read
 * from there. Beside the page and not in it, so that nobody is served it. The same plugin is given to the page and to its workers, which
 * are bundled apart.
 */
export function recordModules(file: string): Plugin {
  const outputs = new Map<string, { readonly inputs: Readonly<Record<string, object>> }>();
  return {
    name: "record-modules",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === "chunk") outputs.set(`dist/web/${chunk.fileName}`, { inputs: inputsOf(chunk.moduleIds) });
      }
    },
    writeBundle() {
      const sorted = [...outputs].toSorted(([a], [b]) => (a < b ? -1 : 1));
      writeFileSync(file, `${JSON.stringify({ outputs: Object.fromEntries(sorted) })}\n`);
    },
  };
}

/** Relative to the clone; what the bundler adds by itself is nobody's file. */
function inputsOf(moduleIds: readonly string[]): Readonly<Record<string, object>> {
  const files = moduleIds.filter((id) => path.isAbsolute(id)).map((id) => id.split("?")[0] ?? id);
  const names = [...new Set(files.map((file) => path.relative(root, file).split(path.sep).join("/")))];
  return Object.fromEntries(names.toSorted().map((name) => [name, {}]));
}
