import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compileCache } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { canMount, underPolicy } from "../testing/policyNamespace.ts";

const main = join(import.meta.dirname, "..", "main.ts");
const fleet = "name: tiny\ninstances:\n  - { name: one, run: [echo, hello] }\n";

const files = {
  "fleet.yaml": fleet,
  "trusting.yaml": `trust_workspace: true\n${fleet}`,
  "traced.yaml": `telemetry: on\n${fleet}`,
};
const strict = "trust_workspace: never\ntelemetry: off\n";

interface Machine {
  readonly folder: string;
  readonly policy: string;
  readonly env?: Readonly<Record<string, string>>;
}

const environmentOf = ({ folder, env = {} }: Machine) => ({
  PATH: process.env["PATH"] ?? "",
  HOME: folder,
  LANG: "C.UTF-8",
  ...compileCache,
  ...env,
});

/** The whole program, as it is on a machine with that policy. */
function program(machine: Machine, ...argv: readonly string[]) {
  const [unshare, ...words] = underPolicy(machine.folder, machine.policy);
  const options = { cwd: machine.folder, env: environmentOf(machine), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(unshare, [...words, process.execPath, main, ...argv], options);
  return { code: status, out: stdout, talk: stderr };
}

describe.skipIf(!canMount())("on a machine with a policy (skipped where no mount namespace can be made)", () => {
  test.each([
    [["run", "trusting.yaml"], 1],
    [["run", "fleet.yaml", "--trust-workspace"], 1],
    [["plan", "traced.yaml"], 2],
    [["run", "fleet.yaml", "--metrics-port", "9464", "--detach"], 2],
  ])("nothing typed, set or written goes round it: %s", (words, line) => {
    using folder = makeFolder({
      ...files,
      "evil/etc/claude-orchestrator/policy.yaml": "agents: [command]\n",
      "evil/claude-orchestrator/policy.yaml": "agents: [command]\n",
    });
    const evil = join(folder.path, "evil");
    const env = { CLAUDE_ORCHESTRATOR_POLICY: join(evil, "etc"), XDG_CONFIG_HOME: evil, XDG_CONFIG_DIRS: evil };
    const refused = program({ folder: folder.path, policy: strict, env }, ...words);
    expect(refused.talk).toContain(`(/etc/claude-orchestrator/policy.yaml:${line})`);
    expect(refused.code).toBe(2);
  });

  test("an update comes from where the policy says, or not at all", () => {
    using folder = makeFolder(files);
    const machine = {
      folder: folder.path,
      policy: "update: off\n",
      env: { CLAUDE_ORCHESTRATOR_UPDATE_URL: "https://updates.invalid/" },
    };
    for (const words of [
      ["update", "--check"],
      ["update", "--check", "--from", "."],
    ]) {
      const refused = program(machine, ...words);
      expect(refused.talk).toContain(
        "The policy of this machine has updates off (/etc/claude-orchestrator/policy.yaml:1)",
      );
      expect(refused.code).toBe(2);
    }
  });

  test("what it allows works, `plan` says what is locked, and a run goes on only as it allows by then", () => {
    using folder = makeFolder(files);
    const machine = { folder: folder.path, policy: strict };
    const planned = program(machine, "plan", "traced.yaml", "--telemetry", "off");
    expect(planned.out + planned.talk).toContain("locks trust_workspace (line 1), telemetry (line 2)");
    expect(program(machine, "run", "traced.yaml", "--telemetry", "off").code).toBe(0);
    const retried = program({ ...machine, policy: "agents: [claude]\n" }, "retry", "latest", "one");
    expect(retried.talk).toMatch(/the agent `command`, and the policy allows claude/);
  });

  test("one that cannot be understood stops the program, and `doctor` says what is wrong with it", () => {
    using folder = makeFolder({ "fleet.yaml": fleet });
    const broken = { folder: folder.path, policy: "agents: [claude]\ngatway: required\n" };
    for (const words of [["run", "fleet.yaml"], ["serve"]]) {
      const { code, talk } = program(broken, ...words);
      expect(talk).toContain("/etc/claude-orchestrator/policy.yaml:2:1: `gatway` is not a field of the policy");
      expect(code).toBe(2);
    }
    const doctor = program(broken, "doctor");
    expect(doctor.out).toContain("`gatway` is not a field of the policy");
    expect(doctor.code).toBe(1);
  });

  test("a budget it bounds is not set higher while the run works", () => {
    using folder = makeFolder({
      "fleet.yaml": "budget: { cost_usd: 1 }\ninstances:\n  - { name: one, run: [sleep, '600'] }\n",
    });
    const bounded = { folder: folder.path, policy: "max_budget: { cost_usd: 5 }\n" };
    expect(program(bounded, "run", "fleet.yaml", "--detach").code).toBe(0);
    try {
      const refused = program(bounded, "budget", "set", "latest", "--cost-usd", "80");
      expect(refused.talk).toMatch(/the policy allows a run at most \$5\.0000 \(\/etc\/.*policy\.yaml:1\)/);
      expect(program(bounded, "budget", "set", "latest", "--cost-usd", "4").code).toBe(0);
    } finally {
      expect(program(bounded, "stop", "latest", "--force").code).toBe(0);
    }
  });

  test("it says where a server may listen", () => {
    using folder = makeFolder();
    const off = program({ folder: folder.path, policy: "server: off\n" }, "serve");
    expect([off.code, off.talk]).toEqual([78, expect.stringContaining("policy.yaml:1)")]);
    const one = { folder: folder.path, policy: 'server: { addresses: ["127.0.0.1"] }\n' };
    expect(program(one, "serve", "--host", "127.0.0.2").talk).toContain("The server may not listen at 127.0.0.2");
  });

  test("it says which server may be asked, and a server holds whoever asks to its own machine's", async () => {
    using folder = makeFolder({ "fleet.yaml": fleet });
    const token = spawnSync(process.execPath, [main, "tokens", "create", "t"], {
      cwd: folder.path,
      env: environmentOf({ folder: folder.path, policy: "" }),
      encoding: "utf8",
    }).stdout.trim();
    const env = { CLAUDE_ORCHESTRATOR_TOKEN: token };
    const one = { folder: folder.path, policy: "outbound: []\n", env };
    expect(program(one, "ps", "--server", "https://fleet.example.org").talk).toContain("`--server` would go to fleet.");

    const machine = { folder: folder.path, policy: "agents: [claude]\n", env };
    const [unshare, ...words] = underPolicy(machine.folder, machine.policy);
    const server = spawn(unshare, [...words, process.execPath, main, "serve", "--json"], {
      cwd: folder.path,
      env: environmentOf(machine),
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [first] = (await once(createInterface(server.stdout), "line")) as [string];
      const { url } = JSON.parse(first) as { readonly url: string };
      const asked = await fetch(new URL("api/runs", url), {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ file: "fleet.yaml" }),
      });
      expect(asked.ok).toBe(false);
      expect(await asked.text()).toMatch(/the agent `command`, and the policy allows claude \(\/etc/);
    } finally {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  });
});
