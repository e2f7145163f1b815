import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSession } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";

/** Asks the desktop to open an address. Where there is none, the link stands in the terminal anyway. */
export function openBrowser(url: string, io: Io): void {
  const [program = "", ...words] = opener();
  const outputPath = join(tmpdir(), `claude-orchestrator-open-${process.pid}.txt`);
  void startSession({ argv: [program, ...words, url], cwd: io.cwd, env: io.env, outputPath });
}

function opener(platform = process.platform): readonly string[] {
  if (platform === "darwin") return ["/usr/bin/open"];
  return platform === "win32" ? ["explorer.exe"] : ["xdg-open"];
}
