import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answerOf } from "../../testing/answerOf.ts";
import { makeFolder } from "../../testing/folder.ts";
import { installDaemon, uninstallDaemon } from "./installDaemon.ts";

const asking = { yes: false, "dry-run": false };

test.skipIf(process.platform !== "linux")(
  "without --yes nothing is installed or removed, which is no failure",
  async () => {
    using folder = makeFolder({ "config/systemd/user/claude-orchestrator.service": "[Unit]\n" });
    const env = { HOME: join(folder.path, "home"), XDG_CONFIG_HOME: join(folder.path, "config") };
    const kept = await answerOf((io) => uninstallDaemon(asking, { ...io, env }), folder.path);
    expect(kept).toMatchObject({ code: 0, talk: expect.stringContaining("Nothing is removed yet") });
    expect(existsSync(join(folder.path, "config/systemd/user/claude-orchestrator.service"))).toBe(true);
    const shown = await answerOf((io) => installDaemon(asking, { ...io, env: { HOME: env.HOME } }), folder.path);
    expect(shown).toMatchObject({ code: 0, talk: expect.stringContaining("Nothing is written yet") });
    expect(existsSync(env.HOME)).toBe(false);
  },
);
