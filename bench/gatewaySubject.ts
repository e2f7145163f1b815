/**
 * One proxy in a process of its own: `gatewaySubject.ts bare|gateway|refusing URL`. Says its address and token as one line of JSON;
 * when its standard input ends, what it took.
 */
import { createServer, request, Agent } from "node:http";
import type { AddressInfo } from "node:net";
import { startGateway } from "@claude-orchestrator/gateway";
import { keepMemoryLean } from "@claude-orchestrator/host";

const [kind = "bare", url = ""] = process.argv.slice(2);
const { base, token } = kind === "bare" ? await startBare(url) : await startOurs(url, kind === "refusing");
const before = process.cpuUsage();
console.log(JSON.stringify({ base, token }));
for await (const _ of process.stdin);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);

interface Started {
  readonly base: string;
  readonly token: string;
}

/** The least that passes requests on: no key, no counting, nothing refused. */
async function startBare(upstream: string): Promise<Started> {
  const { hostname, port } = new URL(upstream);
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request({ agent, hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "none" };
}

async function startOurs(upstream: string, refuses: boolean): Promise<Started> {
  // As the program has it that the gateway is part of.
  keepMemoryLean();
  const options = { vendor: "anthropic", url: upstream, key: "key", scheme: "own", env: {} } as const;
  const gateway = await startGateway({ upstreams: [options], allowUnpriced: false });
  const pass = gateway.open("anthropic");
  let last = 0;
  pass?.answerTo({
    ask: () => (refuses ? { is: "refused", reason: "no" } : { is: "granted", request: (last += 1) }),
    holds: () => () => undefined,
    recorded: () => Promise.resolve(),
    settle: () => undefined,
    waits: () => undefined,
    saw: () => undefined,
  });
  return { base: `${gateway.url}/anthropic`, token: pass?.token ?? "" };
}
