import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One file of the page, as it is handed out. */
export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name has a hash of what is in it: it never changes. */
  readonly isImmutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
};

/**
 * Every file of the page by its path (`/index.html`), read once: what is not in the list is not there, whatever a path says. Maps of
 * sources are left out. Undefined where no page was built.
 */
export function readPageFiles(folder: string, basePath: string): ReadonlyMap<string, PageFile> | undefined {
  const names = namesIn(folder).filter((name) => !name.endsWith(".map"));
  const files = new Map(names.map((name) => [`/${name.replaceAll("\\", "/")}`, pageFile(join(folder, name), name)]));
  const index = files.get("/index.html");
  if (index === undefined) return undefined;
  const text = index.body.toString("utf8").replace('<base href="/"', `<base href="${basePath}/"`);
  files.set("/index.html", { ...index, body: Buffer.from(text) });
  return files;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
  } catch {
    // No page is built: it is said to whoever asks for it.
    return [];
  }
}

function pageFile(path: string, name: string): PageFile {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return {
    body: readFileSync(path),
    type: types[ending] ?? "application/octet-stream",
    isImmutable: /^assets[\\/]/.test(name),
  };
}
