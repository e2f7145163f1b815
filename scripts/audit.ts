/**
 * `npm run release:audit`: asks npm's registry what is known against every package in the lockfile, and Node's changelog what is known
 * against the Nodes in executables; exit code 1 where security/vex.json does not explain it. `--advisories FOLDER` asks a folder of
 * advisories in the OSV format instead, without a network. Needs what `npm run build` makes.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { auditRelease, makeReleaseContext } from "@claude-orchestrator/release";
import { root } from "./lib/command.ts";
import { endByMistakes } from "./lib/mistakes.ts";

process.exitCode = await endByMistakes(async () => {
  const { values } = parseArgs({ options: { advisories: { type: "string" } } });
  const bundle = path.join(root, "dist");
  const output = path.join(bundle, "release");
  const context = makeReleaseContext({ root, bundle, output, env: process.env, say: console.log });
  const npm = process.env["npm_execpath"];
  const { notes, explained, problems } = await auditRelease(context, {
    npm: npm === undefined ? ["npm"] : [process.execPath, npm],
    env: process.env,
    advisories: values.advisories === undefined ? undefined : path.resolve(values.advisories),
  });
  for (const line of [...notes, ...explained]) console.log(line);
  for (const line of problems) console.error(`unexplained: ${line}`);
  console.log(`${problems.length + explained.length} findings, ${problems.length} of them stop a release`);
  return problems.length === 0 ? 0 : 1;
});
