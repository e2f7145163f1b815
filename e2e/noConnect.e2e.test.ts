import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { createRig } from "./rig.ts";
import type { Rig } from "./rig.ts";
import { programPath } from "./support/program.ts";

/** Every process of it, from its start to its end; what it sent, and to whom it turned. */
const tracing = ["-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none"];
const canTrace = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "true"]).status === 0;

const fleet = `budget: { cost_usd: 1 }
instances:
  - { name: one, run: "echo hello" }
  - { name: two, needs: one, run: [echo, "\${{ needs.one.result }}"] }
`;

function traced(rig: Rig, trace: string, args: readonly string[]) {
  return spawn("strace", [...tracing, "-o", rig.path(trace), process.execPath, programPath, ...args], {
    cwd: rig.folder,
    env: rig.environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** The lines of a trace that name an address of a network which is not this machine's own. A name server would be one. */
function leaving(rig: Rig, trace: string): readonly string[] {
  return readFileSync(rig.path(trace), "utf8")
    .split("\n")
    .filter((line) => /sa_family=AF_INET6?\b/.test(line))
    .filter((line) => !/inet_addr\("127\.|inet_pton\(AF_INET6, "(?:::1|::ffff:127\.[\d.]+)"/.test(line));
}

describe.skipIf(!canTrace)("nothing leaves the machine by itself (skipped where strace may not look)", () => {
  test("of a tracer that sees it: an address of another machine is found", async () => {
    await using rig = await createRig();
    const script = `require("node:dgram").createSocket("udp4").connect(9, "192.0.2.1", () => process.exit())`;
    spawnSync("strace", [...tracing, "-o", rig.path("trace"), process.execPath, "-e", script]);
    expect(leaving(rig, "trace")).toEqual([expect.stringContaining("192.0.2.1")]);
  });

  test.each([
    ["--version", ["--version"]],
    ["plan", ["plan", "fleet.yaml"]],
    ["a run of programs of one's own", ["run", "fleet.yaml"]],
    ["doctor", ["doctor"]],
  ])("%s", async (_what, args) => {
    await using rig = await createRig({ config: fleet });
    const program = traced(rig, "trace", args);
    program.stdout.resume();
    await once(program, "exit");
    expect(leaving(rig, "trace")).toEqual([]);
  });

  test("a server whose page is looked at", async () => {
    await using rig = await createRig();
    const program = traced(rig, "trace", ["serve", "--json"]);
    const [line] = (await once(createInterface(program.stdout), "line")) as [string];
    const { url, pid } = JSON.parse(line) as { readonly url: string; readonly pid: number };
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(new URL("api/health", url))).status).toBeLessThan(500);
    process.kill(pid, "SIGTERM");
    await once(program, "exit");
    expect(leaving(rig, "trace")).toEqual([]);
  });
});
