import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { addressClass } from "./addressClass.ts";
import { RefusedTarget } from "./refusedTarget.ts";

export interface DialAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host's name; rejects where it has none. */
export type Resolver = (host: string) => Promise<readonly DialAddress[]>;

/**
 * The addresses that may be dialled for a URL: resolved once, each of them judged. Only these go to the dialler, so a name
 * that means something else a moment later changes nothing. One address that is refused refuses the name.
 *
 * @throws RefusedTarget; the resolver's error
 */
export async function resolveTarget(
  url: URL,
  { allowPrivate, resolve = systemResolver }: { readonly allowPrivate: boolean; readonly resolve?: Resolver },
): Promise<readonly DialAddress[]> {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && allowPrivate)) {
    throw new RefusedTarget(`${url.protocol}// is not used here, https is`);
  }
  // `URL` has already made 127.0.0.1 of 2130706433, 0x7f.1 and the like.
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const literal = isIP(host);
  const addresses = literal === 0 ? await resolve(host) : [{ address: host, family: literal === 6 ? 6 : 4 } as const];
  if (addresses.length === 0) throw new Error(`${host} has no address`);
  for (const { address } of addresses) refuseUnlessAllowed(address, host, allowPrivate);
  return addresses;
}

function refuseUnlessAllowed(address: string, host: string, allowPrivate: boolean): void {
  const found = addressClass(address);
  if (found === "public" || (allowPrivate && found !== "not an address")) return;
  const which = address === host ? `${address} is` : `${host} leads to ${address},`;
  throw new RefusedTarget(`${which} no public address (${found}); \`allow_private: true\` would allow it`);
}

async function systemResolver(host: string): Promise<readonly DialAddress[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
