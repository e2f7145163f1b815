import type { DiffFile } from "./parseDiff.ts";

const names =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|go\.sum|flake\.lock)$/;
const folders = /(?:^|\/)(?:node_modules|vendor|dist|build|__generated__|generated|__snapshots__)\//;
const endings = /(?:\.min\.(?:js|css|mjs)|\.map|\.snap|\.pb\.go|_pb2(?:_grpc)?\.py|[._-]generated\.\w+|\.g\.dart)$/;
/** What tools write into the head of what they made. */
const words = /@generated\b|\bcode generated\b.*\bdo not edit\b|\bautomatically generated\b.*\bdo not\b/i;
const headLines = 10;

/** Whether a tool wrote it and nobody reads it line by line: by its name, or by what its first lines say. */
export function isGenerated({ path, lines }: Pick<DiffFile, "path" | "lines">): boolean {
  if (names.test(path) || folders.test(path) || endings.test(path)) return true;
  return lines.some(({ after, before, text }) => (after ?? before ?? headLines + 1) <= headLines && words.test(text));
}
