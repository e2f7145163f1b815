import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "@claude-orchestrator/domain";
import type { KeySource } from "@claude-orchestrator/domain";
import { keychainProgram } from "./keychain.ts";

/** A program that prints a key and takes longer, or prints more, is not such a program. */
const longestWaitMs = 30_000;
const longestKey = 64 * 1024;

export interface KeyPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * Reads a key once from where the person keeps it.
 *
 * @throws UserError gateway-key, naming the place and never what was found there
 */
export async function readKey(source: KeySource, places: KeyPlaces): Promise<string> {
  const key = (await read(source, places)).trim();
  if (key === "") throw problem(`${placeOf(source)} is empty`, "put the key there, and nothing else");
  if (/[^\x21-\x7e]/.test(key)) {
    throw problem(`${placeOf(source)} holds more than a key`, "one line, without spaces: it goes into a header");
  }
  return key;
}

async function read(source: KeySource, places: KeyPlaces): Promise<string> {
  switch (source.kind) {
    case "env":
      return places.env[source.name] ?? "";
    case "file":
      return readPrivately(source.path, source, places);
    case "command":
      return printedByCommand(source, places);
    case "keychain":
      return keptInKeychain(source, places);
    case "credential": {
      const folder = places.env["CREDENTIALS_DIRECTORY"];
      if (folder === undefined || /[/\\]|^\.\.?$/.test(source.name)) {
        const hint = "give the service `LoadCredential=` and the credential's plain name";
        throw problem(`${placeOf(source)} cannot be read: there is no such credential here`, hint);
      }
      return readPrivately(join(folder, source.name), source, places);
    }
  }
}

async function readPrivately(path: string, source: KeySource, { platform }: KeyPlaces): Promise<string> {
  try {
    const { mode, size } = await stat(path);
    if (platform !== "win32" && (mode & 0o077) !== 0) {
      throw problem(`${placeOf(source)} may be read by others than its owner`, `chmod 600 ${path}`);
    }
    if (size > longestKey) throw problem(`${placeOf(source)} is too large to be a key`, "one line with the key");
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw problem(`${placeOf(source)} cannot be read (${code})`, "is the path right, and the file yours?");
  }
}

async function printedByCommand(
  { argv }: Extract<KeySource, { kind: "command" }>,
  { env }: KeyPlaces,
): Promise<string> {
  const printed = await printedBy(argv, env);
  if ("key" in printed) return printed.key;
  const why = printed.isSlow ? "it did not end" : `it ended with ${printed.end}`;
  throw problem(
    `the key's program \`${argv[0] ?? ""}\` gave none: ${why}`,
    "run it by hand: it should print the key alone",
  );
}

async function keptInKeychain(source: Extract<KeySource, { kind: "keychain" }>, places: KeyPlaces): Promise<string> {
  const program = keychainProgram(source, places.platform);
  const printed = await printedBy(program.argv, { ...places.env, ...program.env });
  if ("key" in printed) return printed.key;
  if (printed.end === "ENOENT") {
    throw problem(`the keychain cannot be asked: there is no \`${program.argv[0]}\` here`, program.install);
  }
  const why = printed.isSlow
    ? "it did not answer, and may be locked"
    : `\`${program.argv[0]}\` ended with ${printed.end}`;
  throw problem(`${placeOf(source)} is not to be had: ${why}`, `unlock it, or put the key there: \`${program.store}\``);
}

type Printed = { readonly key: string } | { readonly end: string | number; readonly isSlow: boolean };

/** What a program wrote to standard error is not told: it may hold what must not be. */
async function printedBy(argv: readonly string[], env: KeyPlaces["env"]): Promise<Printed> {
  const [program = "", ...words] = argv;
  try {
    const options = { timeout: longestWaitMs, maxBuffer: longestKey, windowsHide: true, env };
    return { key: (await promisify(execFile)(program, words, options)).stdout };
  } catch (error) {
    const { code, killed } = error as { code?: string | number | null; killed?: boolean };
    return { end: code ?? "an error", isSlow: killed === true };
  }
}

function placeOf(source: KeySource): string {
  switch (source.kind) {
    case "env":
      return `the key in ${source.name}`;
    case "file":
      return `the key file ${source.path}`;
    case "command":
      return `what \`${source.argv[0] ?? ""}\` printed`;
    case "credential":
      return `the credential ${source.name}`;
    case "keychain":
      return `the key of \`${source.service}\` in the keychain`;
  }
}

function problem(message: string, hint: string): UserError {
  return new UserError("gateway-key", message, { hint });
}
