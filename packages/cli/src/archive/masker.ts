import type { JsonValue } from "@claude-orchestrator/domain";
import { createRedactor } from "@claude-orchestrator/engine";

/** Takes secrets out of texts, and counts what it took, by the mask it put there. */
export interface Masker {
  mask(text: string): string;
  /** The same value with every text in it masked; names of fields stay, they are ours or the agent's. */
  maskJson(value: JsonValue): JsonValue;
  readonly counts: Readonly<Record<string, number>>;
}

interface Secret {
  readonly mask: string;
  readonly find: string | RegExp;
}

/** What nothing but a key looks like, whoever's it is. The more special shapes stand first. */
const keyShapes: readonly Secret[] = [
  {
    mask: "[private key]",
    find: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  },
  { mask: "[anthropic key]", find: /\bsk-ant-[A-Za-z0-9_-]{16,}/g },
  { mask: "[openrouter key]", find: /\bsk-or-v1-[A-Za-z0-9]{32,}/g },
  { mask: "[openai key]", find: /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}/g },
  { mask: "[google key]", find: /\bAIza[A-Za-z0-9_-]{35}/g },
  { mask: "[github token]", find: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})/g },
  { mask: "[gitlab token]", find: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { mask: "[npm token]", find: /\bnpm_[A-Za-z0-9]{36}/g },
  { mask: "[slack token]", find: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { mask: "[slack webhook]", find: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/_-]+/g },
  { mask: "[aws key id]", find: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { mask: "[signed token]", find: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g },
];

/**
 * Masks the secret values of an environment, as the engine does in its log, the keys that are known of its gateway, by their names,
 * and whatever has the shape of a known kind of key.
 */
export function createMasker(
  env: Readonly<Record<string, string | undefined>>,
  keys: Readonly<Record<string, string>> = {},
): Masker {
  const secrets = [...secretsOf([...Object.entries(env), ...Object.entries(keys)]), ...keyShapes];
  const counts: Record<string, number> = {};
  const mask = (text: string): string => {
    let clean = text;
    for (const secret of secrets) {
      clean = clean.replaceAll(secret.find, () => {
        counts[secret.mask] = (counts[secret.mask] ?? 0) + 1;
        return secret.mask;
      });
    }
    return clean;
  };
  const maskJson = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return mask(value);
    if (Array.isArray(value)) return value.map((each: JsonValue) => maskJson(each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskJson(each)]));
  };
  return { mask, maskJson, counts };
}

/** The longest first, so that a value that holds another is taken out whole. */
function secretsOf(all: readonly (readonly [string, string | undefined])[]): readonly Secret[] {
  return all
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined)
    .filter(([name, value]) => createRedactor({ [name]: value })(value) !== value)
    .flatMap(([name, value]) => forms(value).map((find) => ({ mask: `[${name}]`, find })))
    .toSorted((a, b) => b.find.length - a.find.length);
}

/** As it is, inside JSON, in an address, and as the bytes of a file are read. */
function forms(value: string): readonly string[] {
  const bytes = Buffer.from(value).toString("latin1");
  return [...new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed()), bytes])];
}
