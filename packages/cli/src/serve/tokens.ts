import { formatDuration, UserError } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { readDuration } from "../run/overrides.ts";
import { line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { accessBook } from "./accessFolder.ts";
import { runningServers } from "./serverRecord.ts";

const day = 24 * 60 * 60_000;
const defaultMs = 90 * day;
const longestMs = 366 * day;

export interface CreateTokenFlags {
  readonly expires: string | undefined;
  readonly "read-only": boolean;
  readonly json: boolean;
}

/** `tokens create NAME`: the token is printed once, and only its hash is kept. */
export function createToken([name = ""]: readonly string[], flags: CreateTokenFlags, io: Io): Promise<number> {
  if (!/^[\w .@-]{1,60}$/.test(name)) {
    throw new UserError("usage", `A token cannot be called ${JSON.stringify(name)}`, {
      hint: "use letters, digits, `-` and `_`",
    });
  }
  const book = accessBook(io);
  if (book.tokens().some((token) => token.name === name)) {
    throw new UserError("usage", `There is a token \`${name}\` already`, {
      hint: `take it away with \`${programName} tokens revoke ${name}\`, or choose another name`,
    });
  }
  const lastsMs = flags.expires === undefined ? defaultMs : readDuration("expires", flags.expires);
  if (lastsMs <= 0 || lastsMs > longestMs) {
    throw new UserError("usage", "A token lasts a year at most, and not nothing", { hint: "such as `--expires 90d`" });
  }
  const token = book.createToken({ name, lastsMs, canChange: !flags["read-only"] });
  if (flags.json) io.out.json({ name, token, expires_at: new Date(Date.now() + lastsMs).toISOString() });
  else {
    io.out.write(`${token}\n`);
    io.talk.lines([line(`It is shown this once, and lasts ${formatDuration(lastsMs)}`, "quiet")]);
  }
  return Promise.resolve(0);
}

/** `tokens list`. */
export function listTokens(flags: { readonly json: boolean }, io: Io): Promise<number> {
  const tokens = accessBook(io).tokens();
  const iso = (at: number): string => new Date(at).toISOString();
  if (flags.json) {
    io.out.json(
      tokens.map(({ name, createdAt, expiresAt, canChange }) => ({
        name,
        created_at: iso(createdAt),
        expires_at: iso(expiresAt),
        read_only: !canChange,
      })),
    );
  } else if (tokens.length === 0) io.talk.lines([line("There are no tokens")]);
  else {
    const columns = [
      { title: "name", rank: 3 },
      { title: "may", rank: 2 },
      { title: "until", rank: 1 },
    ];
    const rows = tokens.map(({ name, expiresAt, canChange }) => [
      { text: name, tone: "strong" as const },
      { text: canChange ? "do everything" : "read" },
      { text: iso(expiresAt), tone: "quiet" as const },
    ]);
    io.out.lines(layTable(columns, rows, { width: io.out.columns }));
  }
  return Promise.resolve(0);
}

/** `tokens revoke NAME`: whoever has it is refused from now on. @throws UserError usage */
export function revokeToken([name = ""]: readonly string[], io: Io): Promise<number> {
  if (!accessBook(io).revokeToken(name)) {
    throw new UserError("usage", `There is no token \`${name}\``, {
      hint: `\`${programName} tokens list\` lists them`,
    });
  }
  io.talk.write(`${name} is revoked\n`);
  return Promise.resolve(0);
}

/** `sign-in`: a new link for the server that runs here. @throws UserError usage */
export function printSignIn(flags: { readonly port: number | undefined }, io: Io): Promise<number> {
  const servers = runningServers(io).filter(({ port }) => flags.port === undefined || port === flags.port);
  const [server, ...others] = servers;
  if (server === undefined) {
    throw new UserError("usage", "No server of yours runs here", { hint: `start one with \`${programName} serve\`` });
  }
  if (others.length > 0) {
    const ports = servers.map(({ port }) => `--port ${port}`).join(", ");
    throw new UserError("usage", `${servers.length} servers of yours run here`, { hint: `name one: ${ports}` });
  }
  io.out.write(`${server.url}sign-in/${accessBook(io).createCode()}\n`);
  return Promise.resolve(0);
}
