import { existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRig } from "./rig.ts";

const config = { name: "kept", instances: [{ name: "only", run: ["echo", "fine"] }] };

describe("runs that are kept", () => {
  test("are exported into one file, imported elsewhere, and shown there as they were", async () => {
    await using rig = await createRig({ config });
    const { directory } = await rig.run();
    const run = basename(directory);
    const exported = await rig.command(["runs", "export", "latest"]);
    expect(exported).toMatchObject({ exitCode: 0, stdout: `${rig.path(`${run}.tar.gz`)}\n` });
    const elsewhere = ["--runs-dir", rig.path("elsewhere")];
    const imported = await rig.command(["runs", "import", `${run}.tar.gz`, ...elsewhere]);
    expect(imported).toMatchObject({ exitCode: 0, stdout: `${run}\n` });
    const [here, there] = [
      await rig.command(["show", run, "--json"]),
      await rig.command(["show", run, "--json", ...elsewhere]),
    ];
    expect({ ...JSON.parse(there.stdout), directory: "" }).toEqual({ ...JSON.parse(here.stdout), directory: "" });
    expect((await rig.command(["logs", run, "only", ...elsewhere])).stdout).toBe("fine\n");
    const again = await rig.command(["runs", "import", `${run}.tar.gz`, ...elsewhere]);
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("is already there") });
    for (const words of [
      ["resume", run],
      ["retry", run, "only"],
    ]) {
      const refused = await rig.command([...words, ...elsewhere]);
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("came by import") });
    }
  });

  test("are listed with their size and removed by hand", async () => {
    await using rig = await createRig({ config });
    await rig.run();
    const { directory } = await rig.run();
    const listed = JSON.parse((await rig.command(["runs", "list", "--json"])).stdout) as readonly { bytes: number }[];
    expect(listed.map(({ bytes }) => bytes > 10_000)).toEqual([true, true]);
    const asked = await rig.command(["runs", "prune", "--keep", "1"]);
    expect(asked).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Would remove 1 run and free") });
    const pruned = await rig.command(["runs", "prune", "--keep", "1", "--yes"]);
    expect(pruned).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Removed 1 run, freed") });
    expect(rig.runs()).toEqual([directory]);
    expect(await rig.command(["runs", "prune"])).toMatchObject({ exitCode: 2 });
  });

  test("are removed by the next run as its file says, and never one that runs", async () => {
    const gate = { name: "gate", run: "until [ -e go ]; do sleep 0.05; done" };
    await using rig = await createRig({
      config: { ...config, retention: { count: 1 } },
      files: { "gate.json": JSON.stringify({ name: "gate", instances: [gate] }) },
    });
    await rig.run();
    const first = rig.runs()[0] ?? "";
    const waiting = rig.begin(["run", "gate.json", "--json"]);
    await waiting.event(({ type }) => type === "attempt-started");
    const { directory, stderr } = await rig.run();
    expect(stderr).toContain("Removed 1 run of the past as `retention` says");
    expect(existsSync(first)).toBe(false);
    const left = rig.runs().filter((each) => each !== directory);
    expect(left.map((each) => existsSync(join(each, "events.db")))).toEqual([true]);
    writeFileSync(rig.path("go"), "");
    expect((await waiting.ended).exitCode).toBe(0);
  });
});
