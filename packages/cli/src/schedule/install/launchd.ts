import { join } from "node:path";
import type { Service, ServiceWish } from "./service.ts";
import { escapeXml } from "./xml.ts";

const label = "io.github.claude-orchestrator.schedules";

/** An agent of the person's own launchd. `AbandonProcessGroup`: its runs go on without it. */
export function launchdService({ argv, env, home, logPath }: ServiceWish, uid: number): Service {
  const path = join(home, "Library", "LaunchAgents", `${label}.plist`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${argv.map((word) => `    <string>${escapeXml(word)}</string>\n`).join("")}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${Object.entries(env)
  .map(([name, value]) => `    <key>${escapeXml(name)}</key><string>${escapeXml(value)}</string>\n`)
  .join("")}  </dict>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>AbandonProcessGroup</key><true/>
  <key>Umask</key><integer>63</integer>
  <key>StandardErrorPath</key><string>${escapeXml(logPath)}</string>
</dict>
</plist>
`;
  const domain = `gui/${uid}`;
  return {
    path,
    text,
    enable: [["launchctl", "bootstrap", domain, path]],
    disable: [["launchctl", "bootout", `${domain}/${label}`]],
    hint: "It runs while you are signed in",
  };
}
