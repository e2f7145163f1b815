/**
 * `npm run build`: the program, bundled into dist/, and the page it serves, in dist/web. `dist/cli.mjs` runs on Node 22.22 and
 * later with nothing else.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { bundle } from "./lib/bundle.ts";
import { root, runTool } from "./lib/command.ts";

const manifest: unknown = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const started = performance.now();
try {
  const size = await bundle({
    entry: path.join(root, "packages/cli/src/main.ts"),
    library: path.join(root, "packages/cli/src/library/library.ts"),
    outdir: path.join(root, "dist"),
    version: versionOf(manifest),
  });
  const milliseconds = Math.round(performance.now() - started);
  const [startUp, total] = [size.startUp, size.total].map((bytes) => `${Math.round(bytes / 1000)} kB`);
  console.log(
    `dist/cli.mjs: ${startUp} read at start-up, ${total} in ${size.files} files, built in ${milliseconds} ms`,
  );
  const page = await runTool("vite", ["build", "--config", "packages/web/vite.config.ts"]);
  process.stdout.write(page.output);
  process.exitCode = page.code;
} catch (error) {
  // esbuild has already printed what does not fit, with its place; its own stack says nothing more.
  if (!(error instanceof Error && "errors" in error)) throw error;
  process.exitCode = 1;
}

function versionOf(value: unknown): string {
  if (typeof value === "object" && value !== null && "version" in value && typeof value.version === "string") {
    return value.version;
  }
  throw new Error("package.json has no version");
}
