import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTar } from "../scan/readTar.ts";
import { makeDocs } from "./makeDocs.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
/** What stands there as a form to be filled in. */
const forms = ["docs/decisions/0000-template.md"];

let output: string;

beforeEach(() => {
  output = mkdtempSync(path.join(tmpdir(), "claude-orchestrator docs-"));
});

afterEach(() => rmSync(output, { recursive: true, force: true }));

test("whatever the documents lead to is in the archive with them", async () => {
  const place = { root, output, bundle: "", made: [], say: () => undefined };
  await makeDocs({ ...place, version: "1.2.3", commit: "abc", sourceDateEpoch: 1_700_000_000 });
  const tar = gunzipSync(readFileSync(path.join(output, "claude-orchestrator-1.2.3-docs.tar.gz")));
  const files = new Map(readTar(tar).map(({ name, bytes }) => [name.replace(/^[^/]+\//, ""), bytes.toString()]));
  const isThere = (name: string) => [...files.keys()].some((each) => each === name || each.startsWith(`${name}/`));
  const missing = [...files]
    .filter(([name]) => name.endsWith(".md") && !forms.includes(name))
    .flatMap(([name, text]) =>
      [...text.matchAll(/\]\(([^)#\s]+)/g)]
        .map(([, link = ""]) => link)
        .filter((link) => !/^[a-z]+:/.test(link))
        .map((link) => ({ in: name, to: path.posix.join(path.posix.dirname(name), link).replace(/\/$/, "") })),
    )
    .filter(({ to }) => !isThere(to));
  expect(missing).toEqual([]);
});
