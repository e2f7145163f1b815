import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { claudePath, createRig } from "./rig.ts";

test("the quickstart's fleet succeeds with the real Claude Code and the scripted model, and says that it is a demo", async () => {
  await using rig = await createRig({ scenario: "demo" });
  cpSync(fileURLToPath(new URL("../examples", import.meta.url)), rig.folder, { recursive: true });
  const words = ["quickstart.yaml", "--agent-path", `claude=${claudePath}`, "--demo-note", "the model is a stand-in"];
  const { exitCode, stdout, stderr } = await rig.command(["run", ...words]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain("note: the model is a stand-in");
  for (const said of ["headline", "one price in seventeen", "the model is a stand-in"]) expect(stdout).toContain(said);
  expect(rig.exists("quickstart-workspace/REPORT.md")).toBe(true);
});
