import { BlockList, isIP } from "node:net";

/**
 * Whether a list as in `NO_PROXY` means an address, as curl reads it: `*` means all; a name means itself and what is below it, with or
 * without a dot before it; an address means itself, and `10.0.0.0/8` a network. A port at its end means that port only.
 */
export function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = plainHost(hostname);
  const at = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || isMeant(host, at, entry.toLowerCase()));
}

function isMeant(host: string, port: string, entry: string): boolean {
  const { of, at } = /^(?<of>\[.*\]|[^:]*):(?<at>\d+)$/.exec(entry)?.groups ?? {};
  if (at !== undefined && at !== port) return false;
  const meant = of ?? entry;
  const family = isIP(host);
  if (family !== 0) return isInNetwork(host, family, plainHost(meant));
  const name = plainHost(meant).replace(/^\*?\./, "");
  return name !== "" && (host === name || host.endsWith(`.${name}`));
}

function isInNetwork(host: string, family: number, meant: string): boolean {
  const [network = "", bits] = meant.split("/");
  if (isIP(network) !== family) return false;
  const type = family === 6 ? "ipv6" : "ipv4";
  const most = family === 6 ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  if (!/^\d{1,3}$/.test(bits ?? "0") || length > most) return false;
  const networks = new BlockList();
  networks.addSubnet(network, length, type);
  return networks.check(host, type);
}

function plainHost(host: string): string {
  return host.replace(/^\[(.*)\](?=$|\/)/, "$1").replace(/\.$/, "");
}
