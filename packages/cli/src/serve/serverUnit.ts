import type { Io } from "../io/channel.ts";
import { lastingWords } from "../program/programWords.ts";
import { quoted } from "../schedule/install/systemd.ts";

/** By what agents are found, and where this person's things are: a systemd of its own knows none of it. */
const kept = ["PATH", "CLAUDE_ORCHESTRATOR_STATE", "CLAUDE_ORCHESTRATOR_CACHE_DIR", "XDG_STATE_HOME"];

/** `serve … --print-unit`: a systemd unit that starts the server with the same words. Nothing is installed. */
export function printServerUnit(words: readonly string[], io: Io): Promise<number> {
  const argv = [...lastingWords(), "serve", ...words.filter((word) => word !== "--print-unit")];
  const environment = kept.flatMap((name) => (io.env[name] === undefined ? [] : [`${name}=${io.env[name]}`]));
  io.out.write(`[Unit]
Description=claude-orchestrator server
After=network.target

[Service]
Type=exec
WorkingDirectory=${io.cwd.replaceAll("%", "%%")}
ExecStart=${argv.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
${environment.map((each) => `Environment=${quoted(each)}\n`).join("")}# Its runs have sessions of their own, and go on without it.
KillMode=process
KillSignal=SIGTERM
Restart=on-failure
# Another program may have its port for a while.
RestartSec=10
# Set up wrongly: trying again does not help.
RestartPreventExitStatus=2 78
UMask=0077

[Install]
WantedBy=default.target
`);
  return Promise.resolve(0);
}
