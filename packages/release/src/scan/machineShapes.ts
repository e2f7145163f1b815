import { homedir, hostname, userInfo } from "node:os";
import type { Shape } from "./secretShapes.ts";

/** Shorter names, and these, are words that stand in any program. */
const shortestName = 5;
const anybody = new Set(["localhost", "debian", "ubuntu", "runner", "builder", "docker", "admin", "nobody"]);

export interface Machine {
  readonly home: string;
  readonly user: string;
  readonly host: string;
}

/** What tells where, and by whom, an artifact was made. @param root the clone */
export function machineShapes(root: string, machine: Machine = thisMachine()): readonly Shape[] {
  const { home, user, host } = machine;
  return [
    { what: `the folder it was made in (${root})`, starts: bothWays(root), pattern: /^/ },
    ...(home.length < shortestName
      ? []
      : [{ what: `the home of who made it (${home})`, starts: bothWays(`${home}/`), pattern: /^/ }]),
    ...(isTelling(host) ? [{ what: `the name of the machine (${host})`, starts: [host], pattern: whole(host) }] : []),
    ...(isTelling(user) ? [{ what: `the user who made it (${user})`, starts: [`${user}@`], pattern: /^/ }] : []),
  ];
}

function thisMachine(): Machine {
  return { home: homedir(), user: userInfo().username, host: hostname() };
}

/** In a text of JSON on Windows a backslash is two. */
function bothWays(path: string): readonly string[] {
  return path.includes("\\") ? [path, path.replaceAll("\\", "\\\\")] : [path];
}

/** What is no name of a machine or a person is not looked for: it would be a pattern. */
function isTelling(name: string): boolean {
  return name.length >= shortestName && /^[\w.-]+$/.test(name) && !anybody.has(name);
}

function whole(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(".", "[.]")}(?![A-Za-z0-9_-])`);
}
