import type { Io } from "../io/channel.ts";
import { quoted } from "../schedule/install/systemd.ts";

/** `serve … --print-unit`: a systemd unit that starts the server with the same words. Nothing is installed. */
export function printServerUnit(words: readonly string[], io: Io): Promise<number> {
  const argv = [process.execPath, process.argv[1] ?? "", "serve", ...words.filter((word) => word !== "--print-unit")];
  io.out.write(`[Unit]
Description=claude-orchestrator server
After=network.target

[Service]
WorkingDirectory=${io.cwd.replaceAll("%", "%%")}
ExecStart=${argv.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
# Its runs have sessions of their own, and go on without it.
KillMode=process
KillSignal=SIGTERM
Restart=on-failure
# Set up wrongly: trying again does not help.
RestartPreventExitStatus=2 78
UMask=0077

[Install]
WantedBy=default.target
`);
  return Promise.resolve(0);
}
