import { globSync } from "node:fs";
import { emitDeclarations } from "./declarations/emitDeclarations.ts";
import { rollUp } from "./declarations/rollUp.ts";

const library = "packages/cli/src/library/library";
const domain = "packages/domain/src/index";
/** All that may be reached from there: whatever else it comes to need is refused by name. */
const sources = ["packages/cli/src/library/{library,contract}.ts", "packages/domain/src/**/*.ts"];

/** What `import { plan, run } from "claude-orchestrator"` is known by to a compiler: one file, of itself. */
export function libraryTypes(root: string): string {
  const files = globSync(sources, { cwd: root, exclude: ["**/*.test.ts", "**/testing/**"] }).toSorted();
  return rollUp(emitDeclarations(root, files), { entry: library, doors: { "@claude-orchestrator/domain": domain } });
}
