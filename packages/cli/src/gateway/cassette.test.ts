import { join } from "node:path";
import { planFromPrompts } from "@claude-orchestrator/config";
import type { RunEvent } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import { makeFolder } from "../testing/folder.ts";
import { created, plannedThroughGateway, requestReserved, samplePlan, stateOf } from "../testing/sampleRun.ts";
import { gatewayOf } from "./cassette.ts";

const plan = planFromPrompts(["hi"], {
  agent: "claude",
  workspace: "/w",
  defaultConcurrency: 1,
  overrides: { gateway: true },
});
const [name = ""] = plan.instances.map((each) => each.name);

function rig(seal?: object) {
  const folder = makeFolder(seal === undefined ? {} : { "cassette/cassette.json": JSON.stringify(seal) });
  const io = capturedIo({ env: { ANTHROPIC_API_KEY: "k", HOME: folder.path }, cwd: folder.path });
  const flags = { record: undefined, replay: undefined, "replay-pace": undefined, gateway: undefined };
  return { folder, io, flags, cassette: join(folder.path, "cassette") };
}

const killed = (requests: readonly RunEvent[]) =>
  stateOf([created(samplePlan([name])), plannedThroughGateway(name), ...requests]);

test("an instance that was cut off while it was recorded is named in the recording that goes on, and not replayed", async () => {
  const { folder, io, flags, cassette } = rig();
  using _ = folder;
  const begun = { history: killed([requestReserved(name, 1, { tokens: 9 })]), reopen: [] };
  const gateway = await gatewayOf({ plan, agents: [] }, { ...flags, record: cassette }, io, begun);
  expect(gateway?.cassette?.cut).toEqual([name]);
  const unasked = { history: killed([]), reopen: [] };
  expect((await gatewayOf({ plan, agents: [] }, { ...flags, record: cassette }, io, unasked))?.cassette?.cut).toEqual(
    [],
  );
  const sealed = rig({ cassette: 1, agents: {}, sha256: {}, cut: [name] });
  using _sealed = sealed.folder;
  const replay = gatewayOf({ plan, agents: [] }, { ...sealed.flags, replay: sealed.cassette }, sealed.io);
  await expect(replay).rejects.toThrow(`is not whole: ${name} was cut off while it was recorded`);
});

test("a recording that has ended is not gone on with when its run is tried again, and that is said", async () => {
  const { folder, io, flags, cassette } = rig({ cassette: 1, agents: {}, sha256: {} });
  using _ = folder;
  const again = { history: killed([]), reopen: [] };
  const gateway = await gatewayOf({ plan, agents: [] }, { ...flags, record: cassette }, io, again);
  expect(gateway?.upstreams).toHaveLength(1);
  expect(gateway?.cassette).toBeUndefined();
  expect(io.said()).toContain("has ended and stays as it is: what runs now is not recorded");
});
