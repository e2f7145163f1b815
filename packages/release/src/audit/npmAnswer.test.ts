/** npm itself, asking a registry of ours on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { npmAnswer, type NpmAsked } from "./npmAnswer.ts";

const asked = [
  { name: "a", version: "1.0.0", purl: "pkg:npm/a@1.0.0", isShipped: true },
  { name: "b", version: "2.0.0", purl: "pkg:npm/b@2.0.0", isShipped: false },
];
const advisory = {
  id: 1,
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
  title: "Bad",
  severity: "critical",
  vulnerable_versions: "<2.0.0",
};

/** A project of `a` and `b`, and a registry that answers what is given. */
async function askedOf<Result>(
  answer: { readonly status: number; readonly body: object },
  use: (place: NpmAsked) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator audit-"));
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.method === "POST" ? answer.status : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(request.method === "POST" ? answer.body : {}));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const integrity = `sha512-${Buffer.alloc(64).toString("base64")}`;
  const packages = {
    "": { dependencies: { a: "1.0.0", b: "2.0.0" } },
    "node_modules/a": { version: "1.0.0", integrity },
    "node_modules/b": { version: "2.0.0", integrity },
  };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, ...packages[""] }));
  writeFileSync(
    path.join(folder, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
  try {
    const entry = process.env["npm_execpath"];
    return await use({
      root: folder,
      npm: entry === undefined ? ["npm"] : [process.execPath, entry],
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        npm_config_registry: `http://127.0.0.1:${port}/`,
        npm_config_fetch_retries: "0",
        npm_config_update_notifier: "false",
      },
    });
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

test("what the registry knows of a package is a finding, with whether it is shipped", async () => {
  const { findings } = await askedOf({ status: 200, body: { a: [advisory] } }, (place) => npmAnswer(place, asked));
  expect(findings).toEqual([
    { ...asked[0], id: "GHSA-aaaa-bbbb-cccc", aliases: [], severity: "critical", title: "Bad" },
  ]);
});

test("a registry that knows nothing is an answer without findings", async () => {
  const answer = await askedOf({ status: 200, body: {} }, (place) => npmAnswer(place, asked));
  expect(answer).toEqual({ findings: [], notes: ["2 packages asked about at npm's registry"] });
});

test("a registry that does not answer is no answer: nobody has said that nothing is known", async () => {
  await expect(askedOf({ status: 405, body: {} }, (place) => npmAnswer(place, asked))).rejects.toMatchObject({
    message: expect.stringMatching(/^npm's registry does not say what it knows of the packages in the lockfile: .*405/),
    hint: expect.stringContaining("--advisories FOLDER"),
  });
});
