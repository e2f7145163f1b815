import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createAgentRig, only } from "./rig.ts";

describe.each(["codex", "gemini", "opencode"])("the supervisor of %s, killed while a tool runs,", (agent) => {
  test("is followed by one under which the agent goes on in its session", async () => {
    await using rig = await createAgentRig(agent);
    // gemini keeps a session only in a trusted workspace, in the person's home, and finds it only by a name it was given.
    const settings = path.join(path.dirname(rig.workspace), ".gemini/settings.json");
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(settings, JSON.stringify({ security: { auth: { selectedType: "gemini-api-key" } } }));
    const named = agent === "gemini" ? { trust_workspace: true, session_id: randomUUID() } : {};
    const run = rig.run("tool-sleep5", { permission_mode: "bypassPermissions", ...named });
    await run.untilProcess("setTimeout(()=>console.log(1),5000)");
    run.signal("SIGKILL");
    await run.ended;
    const asked = rig.api.requests().length;
    const end = await rig.resume().ended;
    expect([only(end, "run-settled").exitCode, end.leftBehind]).toEqual([0, []]);
    const planned = only(end, "attempt-planned");
    const session = end.events.find((event) => event.type === "attempt-identified")?.sessionId;
    expect(planned.argv.join(" ")).toContain(String(session));
    const bodies = rig.api.requests().slice(asked);
    expect(bodies.some(({ body }) => body.includes("was interrupted"))).toBe(agent !== "gemini");
  });
});
