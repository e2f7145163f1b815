/**
 * A supervisor as a program of its own, to be killed in whatever way: runs a shell script a number of times at once and
 * prints a line of JSON when all have started, and one for each that has ended.
 */
import { join } from "node:path";
import { createProcessHost } from "../processes/processHost.ts";
import { startReaper } from "../reaper/startReaper.ts";
import type { SupervisorWish } from "./runSupervisor.ts";

const wish = JSON.parse(process.argv[2] ?? "") as SupervisorWish;
const host = createProcessHost({ containment: wish.containment });
const reaper = wish.reaper === undefined ? undefined : startReaper({ command: wish.reaper });

const attempts = Array.from({ length: wish.count }, (_, at) =>
  host.start(
    {
      argv: ["/bin/sh", "-c", wish.script],
      cwd: wish.folder,
      env: { PATH: "/usr/bin:/bin" },
      marker: { name: wish.markerName ?? "", value: `attempt/${at}` },
      spool: { stdout: join(wish.folder, `${at}.stdout`), stderr: join(wish.folder, `${at}.stderr`) },
      privateDirectory: join(wish.folder, `${at}.private`),
      files: {},
      maxLineBytes: 1024 * 1024,
    },
    { stdoutLine: () => undefined, stderrLine: () => undefined },
  ),
);

function tell(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

tell({ started: attempts.map(({ identity }) => identity?.pid ?? 0), containment: host.containment().kind });
for (const { ended } of attempts) void ended.then((exit) => tell({ exit }));
await Promise.all(attempts.map(({ ended }) => ended));
reaper?.done();
