import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { Refusal } from "../http/refusal.ts";

/** So many mistakes at once, and then one more in so many ms: of one source, and of all together. */
const ofSource = { most: 10, refillMs: 6000 } as const;
const ofAll = { most: 100, refillMs: 600 } as const;

/** Sources and secrets that are kept in mind; the longest unseen goes first. */
const mostSources = 10_000;
const mostSecrets = 1000;

interface Allowance {
  readonly left: number;
  /** ms, when that was counted. */
  readonly at: number;
}

/**
 * How often somebody may be wrong about what opens the server.
 *
 * 1. Who has been wrong too often is refused before what they bring is looked at, and told when to come again.
 * 2. Nobody who was let in before is refused for the mistakes of others at their address: sessions never come here, a token that was
 *    good passes, and so does a link's code.
 * 3. What is kept in mind is bounded, however many ask.
 */
export class AttemptGate {
  readonly #now: () => number;
  readonly #sources = new Map<string, Allowance>();
  readonly #goodSecrets = new Set<string>();
  #all: Allowance = { left: ofAll.most, at: 0 };

  /** @param now ms, monotonic */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws Refusal 429 */
  pass(address: string): void {
    const source = sourceOf(address);
    const wait = Math.max(this.#wait(this.#sources.get(source), ofSource), this.#wait(this.#all, ofAll));
    if (wait <= 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new Refusal(429, "too-many-attempts", "Too much was tried that opens nothing", {
      hint: `try again in ${seconds}s with a new link (\`claude-orchestrator sign-in\`) or another token`,
      retryAfterSeconds: seconds,
    });
  }

  failed(address: string): void {
    const source = sourceOf(address);
    const allowance = this.#spend(this.#sources.get(source), ofSource);
    this.#sources.delete(source);
    this.#sources.set(source, allowance);
    forgetOldest(this.#sources, mostSources);
    this.#all = this.#spend(this.#all, ofAll);
  }

  /** Whether it was good when it was last looked at; it still has to be looked at. */
  wasGood(secret: string): boolean {
    return this.#goodSecrets.has(hashOf(secret));
  }

  good(secret: string): void {
    const hash = hashOf(secret);
    this.#goodSecrets.delete(hash);
    this.#goodSecrets.add(hash);
    forgetOldest(this.#goodSecrets, mostSecrets);
  }

  #left({ left, at }: Allowance, { most, refillMs }: typeof ofSource | typeof ofAll): number {
    return Math.min(most, left + (this.#now() - at) / refillMs);
  }

  /** ms until one more mistake is free. */
  #wait(allowance: Allowance | undefined, rule: typeof ofSource | typeof ofAll): number {
    return allowance === undefined ? 0 : (1 - this.#left(allowance, rule)) * rule.refillMs;
  }

  #spend(allowance: Allowance | undefined, rule: typeof ofSource | typeof ofAll): Allowance {
    const left = allowance === undefined ? rule.most : this.#left(allowance, rule);
    return { left: Math.max(0, left - 1), at: this.#now() };
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}

/** One household or machine: an IPv4 address however it is written, of an IPv6 address the network that one customer is given. */
export function sourceOf(address: string): string {
  const plain = address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain.slice(0, 64);
  const [head = "", tail] = plain.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
