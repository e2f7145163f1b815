import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@claude-orchestrator/domain";
import { keepMemoryLean } from "@claude-orchestrator/host";
import { bindProblem, startServer } from "@claude-orchestrator/server";
import type { RunningServer, ServerOptions } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { serverProblem } from "../policy/serverProblem.ts";
import { endingSignals } from "../program/endingSignals.ts";
import { reportError } from "../program/reportError.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { line } from "../views/text/line.ts";
import { accessBook, accessFolder } from "./accessFolder.ts";
import { fleetOf } from "./fleetOf.ts";
import { openBrowser } from "./openBrowser.ts";
import { writeServerRecord } from "./serverRecord.ts";

export interface ServeFlags {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly "no-open": boolean;
  readonly "base-path": string | undefined;
  readonly "public-url": string | undefined;
  readonly "tls-cert": string | undefined;
  readonly "tls-key": string | undefined;
  readonly "trusted-proxy": readonly string[];
  readonly json: boolean;
  readonly "runs-dir": string | undefined;
}

/** sysexits.h. What is set up wrongly (EX_CONFIG) a supervisor of services must not try again; what is in the way (EX_UNAVAILABLE) may go. */
const exitCodes = { setUp: 78, unavailable: 69 } as const;

/** `serve`: until a signal ends it. 78 where it may not listen at that address, 69 where it cannot. @throws UserError for words that are none */
export async function serve(flags: ServeFlags, io: Io): Promise<number> {
  const options = readOptions(flags, io);
  const problem = (await serverProblem(options.host)) ?? openDoorProblem(options, io) ?? tlsProblem(options);
  if (problem !== undefined) {
    reportError(problem, io);
    return exitCodes.setUp;
  }
  keepMemoryLean();
  const ended = endBySignal();
  const server = await listen(options);
  if (server instanceof UserError) {
    reportError(server, io);
    return exitCodes.unavailable;
  }
  const remove = writeServerRecord(server, io);
  try {
    announce(server, flags, io);
    await ended;
    io.talk.lines([line("Ending: requests under way are finished, runs go on without the server", "quiet")]);
    await server.drain();
    return 0;
  } finally {
    remove();
  }
}

function announce(server: RunningServer, flags: ServeFlags, io: Io): void {
  const link = server.signInLink();
  if (flags.json) io.out.write(`${JSON.stringify({ url: server.url, sign_in: link, pid: process.pid })}\n`);
  else {
    io.out.lines([line(server.url)]);
    io.talk.lines([
      line(`sign in  ${link}`),
      line("The link signs one browser in, once, within ten minutes. Ctrl-C ends the server, never a run", "quiet"),
    ]);
  }
  if (!flags["no-open"] && !flags.json && io.talk.isTTY) openBrowser(link, io);
}

function readOptions(flags: ServeFlags, io: Io): ServerOptions {
  const publicUrl = flags["public-url"] === undefined ? undefined : readPublicUrl(flags["public-url"]);
  const tls = readTls(flags);
  const host = readHost(flags.host);
  return {
    fleet: fleetOf(io, oldRunsFolder(io, flags["runs-dir"])),
    host,
    port: readPort(flags.port),
    basePath: readBasePath(flags["base-path"] ?? publicUrl?.pathname ?? ""),
    publicUrl,
    tls,
    trustedProxies: flags["trusted-proxy"].map((proxy) => readProxy(proxy)),
    proxiesOnly: tls === undefined && host !== "127.0.0.1",
    accessFolder: accessFolder(io),
    pageFolder: join(dirname(fileURLToPath(import.meta.url)), "..", "web"),
    onTrouble: (error) => void reportError(error, io),
  };
}

function openDoorProblem(options: ServerOptions, io: Io): UserError | undefined {
  const problem = bindProblem({
    host: options.host,
    hasTls: options.tls !== undefined,
    hasTrustedProxy: options.trustedProxies.length > 0,
    hasPublicUrl: options.publicUrl !== undefined,
    hasToken: accessBook(io).tokens().length > 0,
  });
  return problem === undefined ? undefined : new UserError("usage", problem.message, { hint: problem.hint });
}

/** Before it listens: the files are there, but they may be no certificate, or not each other's. */
function tlsProblem({ tls }: ServerOptions): UserError | undefined {
  if (tls === undefined) return undefined;
  try {
    createSecureContext(tls);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return new UserError("usage", `\`--tls-cert\` and \`--tls-key\` cannot be used: ${why}`, {
      hint: "give a certificate and the key it was made with, both in PEM",
      cause: error,
    });
  }
}

/** Why it cannot listen there is told, where that is no bug of ours. */
async function listen(options: ServerOptions): Promise<RunningServer | UserError> {
  try {
    return await startServer(options);
  } catch (error) {
    const why = listenProblems.get(error instanceof Error && "code" in error ? String(error.code) : "");
    if (why === undefined) throw error;
    return new UserError("usage", `The server cannot listen at ${options.host}:${options.port}: ${why[0]}`, {
      hint: why[1],
      cause: error,
    });
  }
}

const anotherPort = "name another port with `--port`, or leave it out: then one that is free is taken";

const listenProblems: ReadonlyMap<string, readonly [why: string, hint: string]> = new Map([
  ["EADDRINUSE", ["another program listens there", anotherPort]],
  ["EACCES", ["permission is denied", anotherPort]],
  ["EADDRNOTAVAIL", ["this machine has no such address", "name one it has with `--host`, or leave it out"]],
  ["EAFNOSUPPORT", ["this machine does not speak such addresses", "name another one with `--host`, or leave it out"]],
]);

function endBySignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of endingSignals) process.once(signal, () => resolve());
  return promise;
}

function readPort(port = 0): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError("usage", `\`--port\` needs a port, not ${port}`, { hint: "such as `--port 4141`" });
}

/** A name could mean another address tomorrow. */
function readHost(text = "127.0.0.1"): string {
  if (isIP(text) !== 0 || text === "localhost") return text;
  throw new UserError("usage", `\`--host\` needs an address of this machine, not \`${text}\``, {
    hint: "such as `--host 0.0.0.0` for all it has; the name people type is `--public-url`",
  });
}

function readBasePath(text: string): string {
  const path = text.replace(/\/+$/, "");
  if (path === "" || /^(?:\/[\w~-][\w.~-]*)+$/.test(path)) return path;
  throw new UserError("usage", `\`--base-path\` needs a path, not \`${text}\``, {
    hint: "such as `--base-path /fleet`",
  });
}

function readProxy(text: string): string {
  const [address = "", bits = "32", ...rest] = text.split("/");
  const most = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most && rest.length === 0) return text;
  throw new UserError("usage", `\`--trusted-proxy\` needs an address or a network, not \`${text}\``, {
    hint: "such as `--trusted-proxy 10.0.0.1` or `--trusted-proxy 10.0.0.0/8`",
  });
}

function readPublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && url.hostname === "localhost")) return url;
  throw new UserError("usage", `\`--public-url\` needs the address people type, with https, not \`${text}\``, {
    hint: "such as `--public-url https://fleet.example.org`",
  });
}

function readTls(flags: ServeFlags): ServerOptions["tls"] {
  const [cert, key] = [flags["tls-cert"], flags["tls-key"]];
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert: readPem(cert), key: readPem(key) };
  throw new UserError("usage", "`--tls-cert` and `--tls-key` belong together: give both");
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("file-not-readable", `${path} cannot be read: ${why}`, { cause: error });
  }
}
