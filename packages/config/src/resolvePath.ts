/**
 * An absolute path from one that may be relative to `base` (absolute), with `.` and `..` worked out; POSIX and Windows.
 * A path that begins with `~/` needs `home`; without it the answer is undefined.
 */
export function resolvePath(base: string, path: string, home?: string): string | undefined {
  if (path === "~" || /^~[/\\]/.test(path)) {
    return home === undefined ? undefined : normalise(home, path.slice(2));
  }
  return isAbsolutePath(path, isWindowsPath(base)) ? normalise(path, "") : normalise(base, path);
}

/** `/x`, `C:\x`, `\\server\share`; on Windows also `\x`. */
export function isAbsolutePath(path: string, onWindows: boolean): boolean {
  return (
    path.startsWith("/") ||
    /^[A-Za-z]:[/\\]/.test(path) ||
    (onWindows ? path.startsWith("\\") : path.startsWith("\\\\"))
  );
}

function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:[/\\]/.test(path) || path.startsWith("\\\\");
}

function normalise(base: string, rest: string): string {
  const onWindows = isWindowsPath(base);
  const separator = onWindows ? "\\" : "/";
  const root = onWindows ? (/^(?:[A-Za-z]:|\\\\[^\\/]+[\\/][^\\/]+)/.exec(base)?.[0] ?? "") : "";
  const parts = `${base.slice(root.length)}${separator}${rest}`.split(onWindows ? /[/\\]/ : "/");
  const kept: string[] = [];
  for (const part of parts) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return `${root}${separator}${kept.join(separator)}`;
}
