import { NotThere } from "@claude-orchestrator/update";
import type { UpdateSource } from "@claude-orchestrator/update";
import { getOutbound, proxyOf } from "@claude-orchestrator/host";

/**
 * A repository at an address that a person has named; a mirror in their own network too, or behind the proxy of their environment.
 * Signatures, not the line, say what is believed.
 *
 * @throws UserError usage, where that environment names a proxy that cannot be gone by
 */
export function webSource(address: URL, env: Readonly<Record<string, string | undefined>> = {}): UpdateSource {
  const base = address.href.endsWith("/") ? address.href : `${address.href}/`;
  const proxy = proxyOf(address, env);
  return {
    name: address.href,
    async read(path, bounds) {
      const { status, body } = await getOutbound({ url: new URL(path, base), allowPrivate: true, proxy, ...bounds });
      if (status === 200) return body;
      // Servers of files say 403 where there is no such file and no list of files either.
      if (status === 404 || status === 403) throw new NotThere(`${path} is not there (${status})`);
      const elsewhere = status >= 300 && status < 400 ? ": it leads elsewhere, where nothing is looked for" : "";
      throw new Error(`it answers ${status} for ${path}${elsewhere}`);
    },
  };
}
