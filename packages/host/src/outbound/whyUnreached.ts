import type { Proxy } from "./proxyOf.ts";

const unknownAuthority = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** What a proxy says instead of what was asked for. */
class RefusedByProxy extends Error {
  override readonly name = "RefusedByProxy";
}

/** What a person can do about an error of a request, in one sentence; the error itself where there is nothing to add. */
export function whyUnreached(error: unknown, host: string, proxy: Proxy | undefined): unknown {
  if (error instanceof RefusedByProxy) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (unknownAuthority.includes(code)) {
    const words = `${host} has a certificate of an authority that is not known here: NODE_EXTRA_CA_CERTS=FILE names your network's`;
    return new Error(words, { cause: error });
  }
  if (proxy === undefined || !(error instanceof Error)) return error;
  return new Error(`by the proxy ${proxy.name}: ${error.message}`, { cause: error });
}

/** By its status; what it writes beside that may be a page for a browser. */
export function refusedByProxy(status: number, host: string, { name, address }: Proxy): Error {
  if (status !== 407) return new RefusedByProxy(`the proxy ${name} answers ${status} instead of leading to ${host}`);
  const has = address.username !== "" || address.password !== "";
  const does = has ? "does not take the name and the password it was given" : "asks for a name and a password";
  return new RefusedByProxy(
    `the proxy ${name} ${does} (407): they are written as http://NAME:PASSWORD@${address.host}`,
  );
}
