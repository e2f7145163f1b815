import { UserError } from "@claude-orchestrator/domain";
import { isExempt } from "./noProxy.ts";

/** A proxy that a person's environment names. */
export interface Proxy {
  /** With the name and the password that may stand in it: for who dials, never for a message. */
  readonly address: URL;
  /** What may be told of it: the address without these, and which variable names it. */
  readonly name: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Which proxy an environment means for an address, as curl reads it: `https_proxy` or `http_proxy`, else `all_proxy`, but for what
 * `no_proxy` exempts; each also in capitals, the small one first; an empty one is none. Undefined: no proxy.
 *
 * @throws UserError usage, where a variable names what cannot be gone by; never with a password in it
 */
export function proxyOf(url: URL, env: Environment): Proxy | undefined {
  const found =
    variableOf(env, url.protocol === "https:" ? "https_proxy" : "http_proxy") ?? variableOf(env, "all_proxy");
  if (found === undefined || isExempt(url, variableOf(env, "no_proxy")?.value ?? "")) return undefined;
  const address = addressOf(found);
  return { address, name: `${address.protocol}//${address.host} (${found.variable})` };
}

interface Named {
  readonly variable: string;
  readonly value: string;
}

function addressOf({ variable, value }: Named): URL {
  const word = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (/^socks/i.test(word)) throw unusable(variable, "a SOCKS proxy, which is not spoken here");
  if (!/^https?:/i.test(word) || !URL.canParse(word)) throw unusable(variable, "no address of a proxy");
  const address = new URL(word);
  if (!isDecodable(address.username) || !isDecodable(address.password)) throw badlyEncoded(variable);
  return address;
}

function variableOf(
  env: Environment,
  small: string,
): { readonly variable: string; readonly value: string } | undefined {
  for (const variable of [small, small.toUpperCase()]) {
    const value = env[variable]?.trim() ?? "";
    if (value !== "") return { variable, value };
  }
  return undefined;
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

function unusable(variable: string, what: string): UserError {
  return new UserError("usage", `The variable ${variable} names ${what}`, {
    hint: "write http://proxy.example.com:3128 or https://…, or exempt the source with NO_PROXY=host",
  });
}

function badlyEncoded(variable: string): UserError {
  return new UserError("usage", `The name or the password in ${variable} cannot be read: a % in it is written %25`, {
    hint: "other characters that an address gives a meaning to as well: @ is %40, : is %3A, / is %2F",
  });
}
