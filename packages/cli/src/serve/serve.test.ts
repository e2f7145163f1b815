import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serve as serveCommand } from "../commands/serve.ts";
import { capturedIo } from "../io/capturedIo.ts";
import { parseArguments } from "../program/parse.ts";
import { makeFolder } from "../testing/folder.ts";
import { startServerRig } from "../testing/serverRig.ts";

async function serveWith(words: readonly string[]): Promise<readonly [code: number, said: string]> {
  using folder = makeFolder();
  mkdirSync(join(folder.path, ".orchestrator", "runs"), { recursive: true });
  const env = { HOME: folder.path, CLAUDE_ORCHESTRATOR_STATE: join(folder.path, "state") };
  const io = capturedIo({ env, cwd: folder.path });
  const parsed = parseArguments(["serve", ...words], [serveCommand]);
  if (parsed.kind === "help") throw new Error("no help was asked for");
  return [await parsed.command.run(parsed.words, parsed.flags, io), io.said()];
}

test.each([
  [["--port", "99999"], "needs a port, not 99999"],
  [["--port", "1.5"], "needs a port, not 1.5"],
  [["--base-path", "fleet?"], "needs a path, not `fleet?`"],
  [["--base-path", "/../x"], "needs a path"],
  [["--public-url", "http://fleet.example.org"], "with https, not `http://fleet.example.org`"],
  [["--public-url", "nonsense"], "with https, not `nonsense`"],
  [["--trusted-proxy", "nonsense"], "needs an address or a network, not `nonsense`"],
  [["--trusted-proxy", "10.0.0.0/99"], "needs an address or a network"],
  [["--tls-cert", "cert.pem"], "belong together"],
  [["--tls-cert", "no.pem", "--tls-key", "no.pem"], "no.pem cannot be read"],
  [["--host", "0.0.0.0"], "nothing is encrypted"],
])("%j is set up wrongly: one sentence, and exit code 78", async (words, sentence) => {
  const [code, said] = await serveWith(words);
  expect([code, said.includes(sentence)]).toEqual([78, true]);
});

test("a port that is taken is named, with what to do", async () => {
  await using rig = await startServerRig();
  await expect(serveWith(["--port", String(rig.server.port)])).rejects.toThrow("another program listens there");
});
