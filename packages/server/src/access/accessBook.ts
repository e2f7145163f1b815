import { createHash } from "node:crypto";
import { join } from "node:path";
import { permissions, readPermissions } from "@claude-orchestrator/protocol";
import type { Actor, Permission } from "@claude-orchestrator/protocol";
import { makeSecret, SecretFolder } from "./secretFolder.ts";

/** Who asks. */
export interface Principal {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  /** ms since 1970. */
  readonly expiresAt: number;
  /** False once it was signed out, revoked or has expired. */
  isGood(): boolean;
}

interface Code {
  readonly expiresAt: number;
}

interface Session {
  readonly name: string;
  readonly expiresAt: number;
}

/** An API token, without what it is asked with. Times are ms since 1970. */
export interface ApiToken {
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly canChange: boolean;
}

const minute = 60_000;
const codeMs = 10 * minute;
const sessionMs = 7 * 24 * 60 * minute;
const tokenPrefix = "cot_";

/** Who may ask this person's servers: codes of sign-in links, sessions of browsers, tokens of scripts. Only hashes are kept. */
export class AccessBook {
  readonly #codes: SecretFolder<Code>;
  readonly #sessions: SecretFolder<Session>;
  readonly #tokens: SecretFolder<ApiToken>;
  readonly #now: () => number;

  /** @param folder of this person; made when the first secret is */
  constructor(folder: string, now: () => number) {
    this.#codes = new SecretFolder(join(folder, "codes"), readCode);
    this.#sessions = new SecretFolder(join(folder, "sessions"), readSession);
    this.#tokens = new SecretFolder(join(folder, "tokens"), readToken);
    this.#now = now;
  }

  /** A code that signs one browser in, once, within ten minutes. */
  createCode(): string {
    const code = makeSecret();
    this.#codes.put(code, { expiresAt: this.#now() + codeMs });
    return code;
  }

  /** Whether that code would sign somebody in. */
  hasCode(code: string): boolean {
    return this.#codes.get(code, this.#now()) !== undefined;
  }

  /** Gives the secret of a new session; undefined for a code that is unknown, used or too old. */
  signInByCode(code: string): string | undefined {
    return this.#codes.take(code, this.#now()) === undefined ? undefined : this.#openSession("sign-in link");
  }

  /** The same for a token that may do everything: a session can do no more than what it was made from. */
  signInByToken(secret: string): string | undefined {
    const token = this.#tokenOf(secret);
    return token?.canChange === true ? this.#openSession(token.name) : undefined;
  }

  signOut(session: string): void {
    this.#sessions.remove(session);
  }

  bySession(secret: string): Principal | undefined {
    const session = this.#sessions.get(secret, this.#now());
    if (session === undefined) return undefined;
    return {
      actor: { kind: "session", name: session.name },
      permissions: new Set(permissions),
      expiresAt: session.expiresAt,
      isGood: () => this.#sessions.get(secret, this.#now()) !== undefined,
    };
  }

  byToken(secret: string): Principal | undefined {
    const token = this.#tokenOf(secret);
    if (token === undefined) return undefined;
    this.#tokens.touch(secret, this.#now());
    return {
      actor: { kind: "token", name: token.name },
      permissions: new Set(token.canChange ? permissions : readPermissions),
      expiresAt: token.expiresAt,
      isGood: () => this.#tokenOf(secret) !== undefined,
    };
  }

  /** Gives what the token is asked with; it can never be shown again. */
  createToken(wish: { readonly name: string; readonly lastsMs: number; readonly canChange: boolean }): string {
    const body = makeSecret();
    const secret = `${tokenPrefix}${body}_${checksum(body)}`;
    const createdAt = this.#now();
    const { name, canChange } = wish;
    this.#tokens.put(secret, { name, canChange, createdAt, expiresAt: createdAt + wish.lastsMs });
    return secret;
  }

  tokens(): readonly ApiToken[] {
    return this.#tokens.list(this.#now()).toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /** Whether there was one of that name. */
  revokeToken(name: string): boolean {
    return this.#tokens.removeWhere((token) => token.name === name, this.#now());
  }

  #tokenOf(secret: string): ApiToken | undefined {
    const [, body = "", sum = ""] = /^cot_([\w-]{43})_([0-9a-f]{6})$/.exec(secret) ?? [];
    return checksum(body) === sum ? this.#tokens.get(secret, this.#now()) : undefined;
  }

  #openSession(name: string): string {
    const secret = makeSecret();
    this.#sessions.put(secret, { name, expiresAt: this.#now() + sessionMs });
    return secret;
  }
}

/** By which whoever looks for leaked secrets tells a token of ours from any other text. */
function checksum(body: string): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 6);
}

function readCode(value: unknown): Code | undefined {
  return isRecord(value) && typeof value["expiresAt"] === "number" ? { expiresAt: value["expiresAt"] } : undefined;
}

function readSession(value: unknown): Session | undefined {
  if (!isRecord(value)) return undefined;
  const { name, expiresAt } = value;
  return typeof name === "string" && typeof expiresAt === "number" ? { name, expiresAt } : undefined;
}

function readToken(value: unknown): ApiToken | undefined {
  if (!isRecord(value)) return undefined;
  const { name, createdAt, expiresAt, canChange } = value;
  if (typeof name !== "string" || typeof createdAt !== "number" || typeof expiresAt !== "number") return undefined;
  return { name, createdAt, expiresAt, canChange: canChange === true };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
