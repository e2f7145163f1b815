/** What decides whether an address may be bound to. */
export interface BindWish {
  readonly host: string;
  readonly hasTls: boolean;
  readonly hasTrustedProxy: boolean;
  readonly hasPublicUrl: boolean;
  /** Whether anybody could sign in from elsewhere: an API token exists. */
  readonly hasToken: boolean;
}

/** Why the server must not listen there, with the fix; undefined where it may. Only this machine's own address is open to all. */
export function bindProblem(wish: BindWish): { readonly message: string; readonly hint: string } | undefined {
  if (wish.host === "127.0.0.1" || wish.host === "::1" || wish.host === "localhost") return undefined;
  if (!wish.hasTls && !wish.hasTrustedProxy) {
    return {
      message: `At ${wish.host} others can read along, since nothing is encrypted`,
      hint: "give a certificate with `--tls-cert FILE --tls-key FILE`, or name the proxy that has one with `--trusted-proxy ADDRESS`; without `--host` the server is this machine's only",
    };
  }
  if (!wish.hasPublicUrl) {
    return {
      message: `At ${wish.host} the server does not know by which name it is reached, and so cannot tell its own page from others`,
      hint: "name it with `--public-url https://fleet.example.org`",
    };
  }
  if (wish.hasToken) return undefined;
  return {
    message: `At ${wish.host} nobody could sign in: there is no API token`,
    hint: "make one with `claude-orchestrator tokens create NAME`",
  };
}
