import { dirname } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { UserError } from "@claude-orchestrator/domain";
import { createClock, createEnvironment, testTargets } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { refuseNotified } from "../policy/refuseOutbound.ts";
import { readPlanFile } from "../run/planFile.ts";
import { readFileTarget } from "../run/target.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import { line } from "../views/text/line.ts";

/** `notify test`: one message to each target of a file. Exit code 1 where one did not get it. */
export async function testNotify(
  [file = ""]: readonly string[],
  { json }: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const target = readFileTarget(file, io.cwd);
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const plan = await readPlanFile(target, {
    workspace: io.cwd,
    directory: dirname(target.path),
    ...(home === undefined ? {} : { home }),
    defaultConcurrency: 1,
    knownAgents: agents.map(({ name }) => name),
  });
  if (plan.notify === undefined) {
    throw new UserError("usage", `${target.shown} notifies nobody`, {
      hint: "give it `notify:` with a list of targets: webhook, slack, desktop or command",
    });
  }
  await refuseNotified(plan, io);
  const results = await testTargets(plan, {
    environment: createEnvironment(io.env),
    clock: createClock(),
    random: Math.random,
  });
  if (json) {
    io.out.json(results.map(({ target: name, answer: { ok, detail } }) => ({ target: name, ok, detail })));
  } else {
    const glyphs = glyphsFor(io.env);
    io.out.lines(
      results.map(({ target: name, answer: { ok, detail } }) =>
        line(`${ok ? glyphs.good : glyphs.bad} ${cleanLine(`${name}: ${detail}`)}`, ok ? "good" : "bad"),
      ),
    );
  }
  return results.every(({ answer }) => answer.ok) ? 0 : 1;
}
