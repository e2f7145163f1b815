import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serve as serveCommand } from "../commands/serve.ts";
import { capturedIo } from "../io/capturedIo.ts";
import { parseArguments } from "../program/parse.ts";
import { reportError } from "../program/reportError.ts";
import { makeFolder } from "../testing/folder.ts";
import { startServerRig } from "../testing/serverRig.ts";

/** As the program itself: a person's mistake is reported, with its exit code. */
async function serveWith(words: readonly string[]): Promise<readonly [code: number, said: string]> {
  using folder = makeFolder();
  mkdirSync(join(folder.path, ".orchestrator", "runs"), { recursive: true });
  const env = { HOME: folder.path, CLAUDE_ORCHESTRATOR_STATE: join(folder.path, "state") };
  const io = capturedIo({ env, cwd: folder.path });
  try {
    const parsed = parseArguments(["serve", ...words], [serveCommand]);
    if (parsed.kind === "help") throw new Error("no help was asked for");
    return [await parsed.command.run(parsed.words, parsed.flags, io), io.said()];
  } catch (error) {
    return [reportError(error, io), io.said()];
  }
}

test.each([
  [["--port", "99999"], "needs a port, not 99999"],
  [["--port", "abc"], "--port"],
  [["--port=-1"], "--port"],
  [["--host", "nonsense"], "needs an address of this machine, not `nonsense`"],
  [["--host", "127.0.0.1:80"], "needs an address of this machine"],
  [["--port", "1.5"], "needs a port, not 1.5"],
  [["--base-path", "fleet?"], "needs a path, not `fleet?`"],
  [["--base-path", "/../x"], "needs a path"],
  [["--public-url", "http://fleet.example.org"], "with https, not `http://fleet.example.org`"],
  [["--public-url", "nonsense"], "with https, not `nonsense`"],
  [["--trusted-proxy", "nonsense"], "needs an address or a network, not `nonsense`"],
  [["--trusted-proxy", "10.0.0.0/99"], "needs an address or a network"],
  [["--tls-cert", "cert.pem"], "belong together"],
  [["--tls-cert", "no.pem", "--tls-key", "no.pem"], "no.pem cannot be read"],
])("%j is a mistake in the words: one sentence, what to write, and exit code 2", async (words, sentence) => {
  const [code, said] = await serveWith(words);
  expect([code, said.includes(sentence), said.match(/^error: /gm)?.length]).toEqual([2, true, 1]);
});

test.each([
  [["--host", "0.0.0.0"], "nothing is encrypted"],
  [["--tls-cert", import.meta.filename, "--tls-key", import.meta.filename], "cannot be used"],
])("%j is set up wrongly, which trying again does not mend: exit code 78", async (words, sentence) => {
  const [code, said] = await serveWith(words);
  expect([code, said.includes(sentence)]).toEqual([78, true]);
});

test("a port that is taken may be free later: exit code 69, with what to do", async () => {
  await using rig = await startServerRig();
  const [code, said] = await serveWith(["--port", String(rig.server.port)]);
  expect([code, said.includes("another program listens there"), said.includes("--port")]).toEqual([69, true, true]);
});
