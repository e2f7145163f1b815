import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import path from "node:path";
import { build, type Plugin } from "esbuild";

export interface BundleRequest {
  /** The module that runs the program; becomes `cli.mjs`. */
  readonly entry: string;
  /** The module that other programs import; becomes `library.mjs`. */
  readonly library?: string;
  /** Emptied first, but for `release`: what was made of an earlier build is its maker's to replace. */
  readonly outdir: string;
  /** What `CLAUDE_ORCHESTRATOR_VERSION` reads as in the bundle. */
  readonly version: string;
}

export interface BundleSize {
  /** Bytes that are read before the first line of the program runs: `cli.mjs` and all it imports statically. */
  readonly startUp: number;
  readonly total: number;
  readonly files: number;
}

/**
 * Bundles the program: ESM for Node 22 and later, names kept so that stacks stay readable, and each `import()` in a
 * chunk of its own, so that what a command does not need is not read when it starts. Writes `meta.json` beside it.
 */
export async function bundle(request: BundleRequest): Promise<BundleSize> {
  const before = existsSync(request.outdir) ? readdirSync(request.outdir) : [];
  for (const name of before.filter((each) => each !== "release")) {
    rmSync(path.join(request.outdir, name), { recursive: true, force: true });
  }
  const result = await build({
    entryPoints: { cli: request.entry, ...(request.library === undefined ? {} : { library: request.library }) },
    outdir: request.outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    define: { CLAUDE_ORCHESTRATOR_VERSION: JSON.stringify(request.version) },
    plugins: [processIsGlobal, requiredBuiltins, httpWithoutFetch],
    // For Node, yaml ships CommonJS only, of which nothing can be left out; its other build is the same code as modules.
    alias: {
      yaml: path.join(path.dirname(createRequire(import.meta.url).resolve("yaml/package.json")), "browser/index.js"),
    },
  });
  const cli = path.join(request.outdir, "cli.mjs");
  const text = readFileSync(cli, "utf8");
  if (!text.startsWith("#!")) writeFileSync(cli, `#!/usr/bin/env node\n${text}`);
  chmodSync(cli, 0o755);
  writeFileSync(path.join(request.outdir, "meta.json"), JSON.stringify(result.metafile));
  return sizes(result.metafile.outputs);
}

/** Commander imports `node:process`: as a module that makes all streams of the process when it is loaded, which takes 5 ms. */
const processIsGlobal: Plugin = {
  name: "process-is-global",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:process$/ }, () => ({ path: "process", namespace: "global" }));
    onLoad({ filter: /.*/, namespace: "global" }, () => ({ contents: "export default globalThis.process" }));
  },
};

/**
 * The server's packages are CommonJS: they `require` parts of Node, and there is no `require` in a module. It is given what it asks
 * for when it asks.
 */
const requiredBuiltins: Plugin = {
  name: "required-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(?:node:)?(?:${builtinModules.join("|")})$`) }, ({ path: name, kind }) =>
      kind === "require-call" ? { path: name, namespace: "required-builtin" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "required-builtin" }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)})`,
    }));
  },
};

/**
 * As a module that is imported, `node:http` reads all it exports at once, and `WebSocket` among that loads the whole of fetch
 * with it: 25 ms and 8 MB that nobody here uses. Taken as an object it reads what is asked for.
 */
const httpWithoutFetch: Plugin = {
  name: "http-without-fetch",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:https?$/ }, ({ path: builtin }) => ({ path: builtin, namespace: "builtin" }));
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path: builtin }) => ({
      contents: `module.exports = process.getBuiltinModule("${builtin}")`,
    }));
  },
};

interface Output {
  readonly bytes: number;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

function sizes(outputs: Readonly<Record<string, Output>>): BundleSize {
  const names = Object.keys(outputs);
  const waiting = names.filter((name) => name.endsWith("/cli.mjs"));
  const eager = new Set(waiting);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const imports = outputs[name]?.imports ?? [];
    for (const { path: imported } of imports.filter(({ kind }) => kind === "import-statement")) {
      if (!(imported in outputs) || eager.has(imported)) continue;
      eager.add(imported);
      waiting.push(imported);
    }
  }
  const bytesOf = (some: readonly string[]): number => some.reduce((sum, name) => sum + (outputs[name]?.bytes ?? 0), 0);
  return { startUp: bytesOf([...eager]), total: bytesOf(names), files: names.length };
}
