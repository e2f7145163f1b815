import { messageLines } from "./message.ts";
import type { NotifyMessage } from "./message.ts";

export interface DesktopCall {
  readonly argv: readonly string[];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

const appleScript = ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"];

/** The texts come by the environment and become text nodes, so that nothing of them is read as code or as XML. */
const toastScript = `
$ErrorActionPreference = 'Stop'
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$template = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($template)
$texts = $xml.GetElementsByTagName('text')
[void]$texts.Item(0).AppendChild($xml.CreateTextNode($env:NOTICE_TITLE))
[void]$texts.Item(1).AppendChild($xml.CreateTextNode($env:NOTICE_TEXT))
$id = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($id).Show($toast)
`;

/** How this platform shows a notification: a program and its words, no shell. */
export function desktopCall(message: NotifyMessage, platform: NodeJS.Platform): DesktopCall {
  const [title, text] = messageLines(message).map(shown) as [string, string];
  if (platform === "darwin") {
    const lines = appleScript.flatMap((line) => ["-e", line]);
    return { argv: ["osascript", ...lines, "--", title, text], env: {} };
  }
  if (platform === "win32") {
    const script = Buffer.from(toastScript, "utf16le").toString("base64");
    return {
      argv: ["powershell.exe", "-NoProfile", "-NonInteractive", "-EncodedCommand", script],
      env: { NOTICE_TITLE: title, NOTICE_TEXT: text },
    };
  }
  const urgency = message.kind === "needs_attention" || message.kind === "failed" ? "critical" : "normal";
  // Markup is understood by some desktops.
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return {
    argv: ["notify-send", "--app-name=claude-orchestrator", `--urgency=${urgency}`, "--", title, plain],
    env: {},
  };
}

/** What a desktop has room for, without control characters. */
function shown(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ").slice(0, 500);
}
