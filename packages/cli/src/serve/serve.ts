import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@claude-orchestrator/domain";
import { keepMemoryLean } from "@claude-orchestrator/host";
import { bindProblem, startServer } from "@claude-orchestrator/server";
import type { RunningServer, ServerOptions } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
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

/** sysexits.h, EX_CONFIG: a supervisor of services must not try again what is set up wrongly. */
const exitCodeOfSetUp = 78;

/** `serve`: until a signal ends it. 78 where it may not listen at that address. */
export async function serve(flags: ServeFlags, io: Io): Promise<number> {
  let options: ServerOptions;
  try {
    options = readOptions(flags, io);
    refuseOpenDoor(options, io);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reportError(error, io);
    return exitCodeOfSetUp;
  }
  keepMemoryLean();
  const ended = endBySignal();
  const server = await listen(options);
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
  const host = flags.host ?? "127.0.0.1";
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

function refuseOpenDoor(options: ServerOptions, io: Io): void {
  const problem = bindProblem({
    host: options.host,
    hasTls: options.tls !== undefined,
    hasTrustedProxy: options.trustedProxies.length > 0,
    hasPublicUrl: options.publicUrl !== undefined,
    hasToken: accessBook(io).tokens().length > 0,
  });
  if (problem !== undefined) throw new UserError("usage", problem.message, { hint: problem.hint });
}

async function listen(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    if (!(error instanceof Error && "code" in error) || (error.code !== "EADDRINUSE" && error.code !== "EACCES"))
      throw error;
    const why = error.code === "EADDRINUSE" ? "another program listens there" : "permission is denied";
    throw new UserError("usage", `The server cannot listen at ${options.host}:${options.port}: ${why}`, {
      hint: "name another port with `--port`, or leave it out: then one that is free is taken",
      cause: error,
    });
  }
}

function endBySignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  return promise;
}

function readPort(port = 0): number {
  if (Number.isInteger(port) && port <= 65_535) return port;
  throw new UserError("usage", `\`--port\` needs a port, not ${port}`, { hint: "such as `--port 4141`" });
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
