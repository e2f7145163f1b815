import { randomUUID } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHostRig, hasNamespaces, shellScript, survivorsOf } from "../testing/hostRig.ts";
import { until } from "../testing/leftProcess.ts";
import { runSupervisor } from "../testing/runSupervisor.ts";
import { choosePlatform } from "../platform/choosePlatform.ts";
import { findNamespaceTools } from "./namespaceTools.ts";
import { beginPidNamespace, type PidNamespace } from "./pidNamespace.ts";
import { createProcessHost } from "./processHost.ts";
import { whyNotExecutable } from "./whyNotExecutable.ts";

const patient = { timeout: 60_000 };
const isReady = process.platform === "linux" && hasNamespaces();

test.skipIf(isReady)("without bubblewrap the tests of PID namespaces are left out: install it to run them", () => {
  expect(isReady).toBe(false);
});

test.skipIf(!isReady)("a PID namespace has its name as long as it is there, and no longer", patient, async () => {
  using rig = createHostRig();
  const tools = findNamespaceTools();
  if ("missing" in tools) throw new Error(`${tools.missing} is not there`);
  const open = (): PidNamespace => {
    const place = { directory: rig.folder, mark: undefined };
    const namespace = beginPidNamespace(tools, choosePlatform(), place).complete();
    if (namespace === undefined || "problem" in namespace) throw new Error("there is no namespace");
    return namespace;
  };
  const first = open();
  expect(first.id).toMatch(/^pid:\[\d+\]$/);
  await first.end();
  const second = open();
  expect(first.id).toBeUndefined();
  expect(second.id).toMatch(/^pid:\[\d+\]$/);
  await second.end();
});

test.skipIf(!isReady)("what is prepared for attempts to come ends with the host, however far it has come", async () => {
  for (let round = 0; round < 10; round++) {
    const markerName = `POOL_TEST_${randomUUID().replaceAll("-", "")}`;
    const host = createProcessHost({ markerName });
    expect(host.containment().kind).toBe("namespace");
    host.killEverythingNow();
    await until(() => survivorsOf(`${markerName}=namespace`).length === 0);
  }
});

describe.skipIf(!isReady)("an attempt in a PID namespace of its own", () => {
  test("runs in its folder, leads its session and group, and sees only its own processes", patient, async () => {
    using rig = createHostRig();
    const { stdout } = await rig.run(
      shellScript(
        'pwd; read -r pid a b ppid group session rest < /proc/self/stat; \
      [ "$pid" = "$$" ] && [ "$group" = "$$" ] && [ "$session" = "$$" ] && echo leads; ls -d /proc/[0-9]* | wc -l',
      ),
    );
    const [folder, leads, processes] = stdout.map(({ text }) => text);
    expect([folder, leads]).toEqual([rig.folder, "leads"]);
    expect(Number(processes)).toBeLessThan(8);
  });

  test("keeps the rights it would have without: nothing new is forbidden", patient, async () => {
    using rig = createHostRig();
    using plain = createHostRig("sweep");
    const script = shellScript("grep -E '^(Cap|NoNewPrivs)' /proc/self/status; id; umask; ls -l /proc/self/fd | wc -l");
    const told = async (at: typeof rig) => (await at.run(script)).stdout.map(({ text }) => text);
    expect(await told(rig)).toEqual(await told(plain));
  });

  test("can make a sandbox of its own inside, as agents do", patient, async () => {
    using rig = createHostRig();
    const { exit } = await rig.run([
      "/usr/bin/bwrap",
      "--ro-bind",
      "/",
      "/",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--unshare-all",
      "/bin/true",
    ]);
    expect(exit).toEqual({ code: 0, swept: 0 });
  });

  test("hears a polite signal itself, and may end as it likes", patient, async () => {
    using rig = createHostRig();
    const started = rig.start(shellScript("trap 'echo heard; exit 5' INT; echo ready; while :; do sleep 0.05; done"));
    await started.heard("ready");
    started.running.stop([{ signal: "SIGINT", to: "process", waitMs: 30_000 }]);
    const { exit, stdout } = await rig.finish(started);
    expect(exit).toEqual({ code: 5, swept: 0 });
    expect(stdout.at(-1)?.text).toBe("heard");
  });

  test("may signal its own group (`kill 0`) without ending what waits for it", patient, async () => {
    using rig = createHostRig();
    const { exit } = await rig.run(shellScript("trap '' TERM; kill -TERM 0; exit 3"));
    expect(exit).toEqual({ code: 3, swept: 0 });
  });

  test("goes on, and its end is seen, where it was stopped for a while", patient, async () => {
    using rig = createHostRig();
    const { exit } = await rig.run(shellScript("(sleep 0.1; kill -CONT $$) & kill -STOP $$; wait; exit 4"));
    expect(exit).toEqual({ code: 4, swept: 0 });
  });

  test("whose process that waits for it is killed from outside is gone with it", patient, async () => {
    using rig = createHostRig();
    const started = rig.start(shellScript("setsid sleep 1000 & echo ready; wait"));
    await started.heard("ready");
    process.kill(started.running.identity?.pid ?? 0, "SIGKILL");
    const { exit, survivors } = await rig.finish(started);
    expect(exit.signal).toBe("SIGKILL");
    expect(survivors).toEqual([]);
  });

  test("works for an ordinary user as for root", patient, async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("only root can become somebody else");
    using rig = createHostRig();
    chmodSync(rig.folder, 0o777);
    const nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const script = "read -r pid rest < /proc/self/stat; echo $pid; setsid sleep 1000 & exit 6";
    const supervisor = runSupervisor({ folder: rig.folder, containment: "best", count: 1, script }, nobody);
    expect((await supervisor.lines(2)).map((line) => JSON.parse(line))).toEqual([
      { started: [expect.any(Number)], containment: "namespace" },
      { exit: { code: 6, swept: 1 } },
    ]);
    supervisor.process.kill("SIGKILL");
  });
});

describe.skipIf(process.platform === "win32")("a program that cannot be started", () => {
  test("is told by its files, before anybody is asked to start it", () => {
    using rig = createHostRig("sweep");
    const write = (name: string, text: string, mode: number): string => {
      writeFileSync(join(rig.folder, name), text, { mode });
      return name;
    };
    expect(whyNotExecutable("/bin/sh", "/", undefined)).toBeUndefined();
    expect(whyNotExecutable("sh", "/", "/nowhere:/bin")).toBeUndefined();
    expect(whyNotExecutable("no-such", "/", "/bin")).toBe("ENOENT");
    expect(whyNotExecutable(`./${write("script", "#!/bin/sh\n", 0o755)}`, rig.folder, "")).toBeUndefined();
    expect(whyNotExecutable(`./${write("plain", "x", 0o644)}`, rig.folder, "")).toBe("EACCES");
    expect(whyNotExecutable(`./${write("lost", "#!/no/such/shell -e\n", 0o755)}`, rig.folder, "")).toBe("ENOENT");
    expect(whyNotExecutable("/tmp", "/", "")).toBe("EACCES");
  });
});
