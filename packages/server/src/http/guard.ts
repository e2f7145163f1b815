import type { IncomingMessage } from "node:http";
import type { Doors } from "./doors.ts";
import { isAmong, isLoopback } from "./doors.ts";
import { Refusal } from "./refusal.ts";

const safeMethods = ["GET", "HEAD", "OPTIONS"];

/** Escapes of characters that nobody has to escape: two ways to write one path are one too many. */
const needlessEscape = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;

/**
 * What is refused before anything is routed: a peer, a host or an origin that is not ours, and a path that two readers could
 * understand differently. Gives the request's address below the base path.
 *
 * @throws Refusal
 */
export function admit(request: IncomingMessage, doors: Doors): string {
  const peer = request.socket.remoteAddress ?? "";
  if (doors.proxiesOnly && !isLoopback(peer) && !isAmong(doors.proxies, peer)) {
    throw new Refusal(403, "wrong-peer", "This server is asked through its proxy only");
  }
  const { host } = request.headers;
  if (host === undefined || !doors.hosts.has(host.toLowerCase())) {
    throw new Refusal(421, "wrong-host", "This server is not reached by that name", {
      hint: "use the address it printed; another name is allowed with `--public-url`",
    });
  }
  refuseOrigin(request, doors);
  return withoutBase(request.url ?? "", doors.basePath);
}

/** Browsers say where a request comes from; whoever is no browser has no cookie either (`authenticate` sees to that). */
function refuseOrigin({ headers, method = "" }: IncomingMessage, doors: Doors): void {
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  if (origin !== undefined && !doors.origins.has(origin)) throw wrongOrigin();
  if (site === undefined || site === "same-origin" || site === "none") return;
  const isNavigation = safeMethods.includes(method) && headers["sec-fetch-mode"] === "navigate";
  if (!isNavigation) throw wrongOrigin();
}

function wrongOrigin(): Refusal {
  return new Refusal(403, "wrong-origin", "Another site's page may not ask this server");
}

/** True where a request by cookie says that it comes from our own page: without that, any page could have made it. */
export function comesFromOurPage(
  { headers, method = "" }: Pick<IncomingMessage, "headers" | "method">,
  doors: Doors,
): boolean {
  if (safeMethods.includes(method)) return true;
  return headers.origin !== undefined && doors.origins.has(headers.origin);
}

function withoutBase(url: string, basePath: string): string {
  const [path = ""] = url.split("?", 1);
  if (!isCanonical(path)) throw new Refusal(400, "invalid-request", "The path is not written in its one way");
  if (basePath === "") return url;
  if (path === basePath) return `/${url.slice(basePath.length)}`;
  if (path.startsWith(`${basePath}/`)) return url.slice(basePath.length);
  // A proxy may take the base away before it asks us.
  return url;
}

/** @param path as it came, still escaped */
export function isCanonical(path: string): boolean {
  if (!path.startsWith("/") || path.includes("//") || path.length > 4096 || needlessEscape.test(path)) return false;
  return path.split("/").every(isCanonicalSegment);
}

function isCanonicalSegment(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded !== "." && decoded !== ".." && !/[\u0000-\u001f\u007f/\\;]/.test(decoded);
  } catch {
    // No UTF-8, or longer than it need be.
    return false;
  }
}

/** Who asks, for the audit: a proxy that is trusted speaks for others, nobody else does. */
export function remoteAddress({ headers, socket }: IncomingMessage, doors: Doors): string {
  const peer = socket.remoteAddress ?? "";
  const forwarded = headers["x-forwarded-for"];
  if (typeof forwarded !== "string" || !isAmong(doors.proxies, peer)) return peer;
  // The nearest that is no proxy of ours; what stands before it may be invented.
  const hops = forwarded.split(",").map((hop) => hop.trim());
  return hops.findLast((hop) => !isKnown(doors, hop)) ?? hops[0] ?? peer;
}

function isKnown(doors: Doors, hop: string): boolean {
  try {
    return isAmong(doors.proxies, hop);
  } catch {
    return false;
  }
}
