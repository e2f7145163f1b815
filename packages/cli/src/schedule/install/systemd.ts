import { join } from "node:path";
import type { Service, ServiceWish } from "./service.ts";

const unit = "claude-orchestrator.service";

/** A unit of the person's own systemd. `KillMode=process`: its runs have sessions of their own and go on without it. */
export function systemdService({ argv, env, home }: ServiceWish, configFolder: string | undefined): Service {
  const text = `[Unit]
Description=Fires the schedules of claude-orchestrator

[Service]
ExecStart=${argv.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
${Object.entries(env)
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}\n`)
  .join("")}KillMode=process
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2
UMask=0077

[Install]
WantedBy=default.target
`;
  return {
    path: join(configFolder ?? join(home, ".config"), "systemd", "user", unit),
    text,
    enable: [
      ["systemctl", "--user", "daemon-reload"],
      ["systemctl", "--user", "enable", "--now", unit],
    ],
    disable: [["systemctl", "--user", "disable", "--now", unit]],
    hint: "It runs while you are signed in; `loginctl enable-linger` lets it run from the start of the machine on",
  };
}

/** In systemd's quotes, without its specifiers. */
export function quoted(word: string): string {
  const escaped = word
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("%", "%%");
  return `"${escaped.replaceAll("\n", String.raw`\n`)}"`;
}
