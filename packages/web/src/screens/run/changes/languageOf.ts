/** The languages whose syntax is coloured, by the ending or the name of a file. */
const endings: Readonly<Record<string, string>> = {
  bash: "sh bash zsh dockerfile",
  c: "c h",
  cpp: "cc cpp cxx hh hpp hxx",
  css: "css scss less",
  go: "go",
  ini: "ini toml cfg conf editorconfig",
  java: "java",
  javascript: "js mjs cjs jsx",
  json: "json jsonc json5 webmanifest",
  markdown: "md markdown",
  python: "py pyi",
  ruby: "rb gemfile rakefile",
  rust: "rs",
  sql: "sql",
  typescript: "ts mts cts tsx",
  xml: "html htm xml svg vue",
  yaml: "yaml yml",
};

const languages = new Map(
  Object.entries(endings).flatMap(([language, all]) => all.split(" ").map((ending) => [ending, language] as const)),
);

/** Undefined where its syntax is none that is known. */
export function languageOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return languages.get(name.slice(name.lastIndexOf(".") + 1));
}
