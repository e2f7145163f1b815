import { join } from "node:path";
import { expect, test } from "vitest";
import { answerOf } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import { listWorktrees } from "./listWorktrees.ts";

test("worktrees that cannot be looked at are not told as none", async () => {
  using folder = makeFolder({ "claude-orchestrator/worktrees": "in the way" });
  const list = (state: string) =>
    answerOf((io) => listWorktrees({ all: true, json: false }, { ...io, env: { XDG_STATE_HOME: state } }), folder.path);
  await expect(list(folder.path)).rejects.toMatchObject({
    code: "workspace-not-usable",
    message: expect.stringContaining("worktrees, which cannot be read: ENOTDIR"),
    hint: expect.stringContaining("that you may read"),
  });
  expect(await list(join(folder.path, "new"))).toMatchObject({
    code: 0,
    talk: "There are no worktrees of instances\n",
  });
});
