import { BlockList, isIPv6 } from "node:net";

/** By which names the server may be reached, and from where. Nothing a request says can widen it. */
export interface Doors {
  /** Values of `Host` that are ours, in lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Values of `Origin` that are ours. */
  readonly origins: ReadonlySet<string>;
  /** "" or `/fleet`: where a reverse proxy puts us. */
  readonly basePath: string;
  /** Whose `X-Forwarded-For` is believed. */
  readonly proxies: BlockList;
  /** True: nobody but a proxy, or this machine, may connect. */
  readonly proxiesOnly: boolean;
}

export interface DoorOptions {
  readonly port: number;
  readonly isTls: boolean;
  /** How others reach it, where that is not by this machine's own name. */
  readonly publicUrl?: URL | undefined;
  readonly basePath: string;
  /** Addresses, or networks as `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
  readonly proxiesOnly: boolean;
}

export function doorsOf({ port, isTls, publicUrl, basePath, trustedProxies, proxiesOnly }: DoorOptions): Doors {
  const scheme = isTls ? "https" : "http";
  const own = ["127.0.0.1", "localhost", "[::1]"].flatMap((name) => {
    const isDefaultPort = port === (isTls ? 443 : 80);
    return isDefaultPort ? [name, `${name}:${port}`] : [`${name}:${port}`];
  });
  const proxies = new BlockList();
  for (const proxy of trustedProxies) addTo(proxies, proxy);
  return {
    hosts: new Set([...own, ...(publicUrl === undefined ? [] : [publicUrl.host.toLowerCase()])]),
    origins: new Set([
      ...own.map((host) => `${scheme}://${host}`),
      ...(publicUrl === undefined ? [] : [publicUrl.origin]),
    ]),
    basePath,
    proxies,
    proxiesOnly,
  };
}

function addTo(list: BlockList, text: string): void {
  const [address = "", bits] = text.split("/");
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** Whether the address is in the list, also where it is written as IPv6 writes IPv4. */
export function isAmong(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === "::1" || plain.startsWith("127.");
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
