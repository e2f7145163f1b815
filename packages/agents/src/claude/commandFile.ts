import { readFrontMatter } from "./frontMatter.ts";

/** What a command or skill file says about itself. */
export interface CommandFile {
  readonly name: string;
  readonly description?: string;
  readonly argumentHint?: string;
  readonly model?: string;
  readonly allowedTools: readonly string[];
  /** The text below the front matter. */
  readonly body: string;
  /** False where the file says that only a person may start it. */
  readonly modelMayStart: boolean;
  /** What is wrong with its front matter, in one sentence. */
  readonly problem?: string;
}

/** Reads a command's Markdown (or a skill's SKILL.md). Never throws: broken front matter is reported in `problem`. */
export function readCommandFile(name: string, text: string): CommandFile {
  const { values, body, problem } = readFrontMatter(text);
  const one = (key: string): string | undefined => {
    const value = values.get(key);
    const joined = typeof value === "string" ? value : value?.join(", ");
    return joined === undefined || joined.trim() === "" ? undefined : joined;
  };
  const description = one("description") ?? firstWords(body);
  const argumentHint = one("argument-hint");
  const model = one("model");
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(argumentHint === undefined ? {} : { argumentHint }),
    ...(model === undefined ? {} : { model }),
    allowedTools: toolList(values.get("allowed-tools")),
    body,
    modelMayStart: one("disable-model-invocation")?.toLowerCase() !== "true",
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The name a command file has in Claude Code: `sub/nested.md` is `sub:nested`. Undefined where it is no command file. */
export function commandNameOf(relativePath: string): string | undefined {
  const parts = partsOf(relativePath);
  const last = parts.pop();
  if (last === undefined || !/.\.md$/i.test(last)) return undefined;
  return [...parts, last.slice(0, -3)].join(":");
}

/** The name of a skill: `review/SKILL.md` is `review`. Undefined where the path is no skill's. */
export function skillNameOf(relativePath: string): string | undefined {
  const parts = partsOf(relativePath);
  const [folder, file] = parts;
  return parts.length === 2 && file === "SKILL.md" ? folder : undefined;
}

/** Folders and file of a path; none where it leads upwards or holds a character no command's name has. */
function partsOf(relativePath: string): string[] {
  const parts = relativePath.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  return parts.includes("..") || /\p{Cc}/u.test(relativePath) ? [] : parts;
}

function firstWords(body: string): string | undefined {
  const line = body
    .split("\n", 50)
    .map((each) => each.replace(/^#+\s*/, "").trim())
    .find((each) => each !== "" && each !== "---");
  if (line === undefined) return undefined;
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** `Bash(git log:*), Read` with commas inside brackets kept. */
function toolList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return value.filter((tool) => tool.trim() !== "");
  return (value.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? []).filter((tool) => tool !== "");
}
