import { win32 } from "node:path";
import type { Service, ServiceWish } from "./service.ts";
import { escapeXml } from "./xml.ts";

const taskName = "claude-orchestrator schedules";

/**
 * A task of the person's own, started when they sign in, without more rights than they have. A task has no environment of
 * its own: it gets the person's.
 */
export function windowsTask({ argv: [program = "", ...words] }: ServiceWish, stateFolder: string): Service {
  const path = win32.join(stateFolder, "schedules-task.xml");
  const text = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Fires the schedules of claude-orchestrator</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>${escapeXml(program)}</Command><Arguments>${escapeXml(words.map(quoted).join(" "))}</Arguments></Exec>
  </Actions>
</Task>
`;
  return {
    path,
    text,
    enable: [
      ["schtasks", "/Create", "/TN", taskName, "/XML", path, "/F"],
      ["schtasks", "/Run", "/TN", taskName],
    ],
    disable: [
      ["schtasks", "/End", "/TN", taskName],
      ["schtasks", "/Delete", "/TN", taskName, "/F"],
    ],
  };
}

/** As the C runtime of Windows takes a command line apart. */
function quoted(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, "$1$1")}"`;
}
