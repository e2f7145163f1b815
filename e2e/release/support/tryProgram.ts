import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Person } from "./person.ts";
import { root } from "./places.ts";

const version = (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { readonly version: string })
  .version;

const fleet = `instances:
  - { name: first, run: [sh, -c, "echo hello from first"] }
  - { name: second, needs: first, run: [sh, -c, 'echo "after \${{ needs.first.result }}"'] }
`;

/**
 * What everybody does first with a program that was installed, whichever way: its version, a run, the page.
 *
 * @param program the words that start it
 */
export async function tryProgram(person: Person, program: readonly string[]): Promise<void> {
  expect(await person.run([...program, "--version"])).toMatchObject({
    code: 0,
    out: `claude-orchestrator ${version}\n`,
  });
  person.write("fleet.yaml", fleet);
  const ran = await person.run([...program, "run", "fleet.yaml", "--json"]);
  expect([ran.code, ran.code === 0 ? "" : ran.talk]).toEqual([0, ""]);
  expect(JSON.parse(ran.out.trim().split("\n").at(-1) ?? "")).toMatchObject({
    type: "run-settled",
    outcome: "succeeded",
  });
  const shown = JSON.parse((await person.run([...program, "show", "latest", "--json"])).out) as {
    readonly instances: readonly { readonly result: string }[];
  };
  expect(shown.instances.map(({ result }) => result)).toEqual(["hello from first", "after hello from first"]);
  await tryServer(person, program);
}

/** The page, and what it is made of, from whatever the program carries them in. */
async function tryServer(person: Person, program: readonly string[]): Promise<void> {
  const server = person.start([...program, "serve", "--json"]);
  const said: string[] = [];
  const announced = new Promise<string>((resolve, reject) => {
    server.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said.push(text);
      if (said.join("").includes("\n")) resolve(said.join(""));
    });
    server.stderr?.setEncoding("utf8").on("data", (text: string) => said.push(text));
    server.once("close", () => reject(new Error(`the server ended: ${said.join("")}`)));
  });
  const { url, pid } = JSON.parse(await announced) as { readonly url: string; readonly pid: number };
  const page = await (await fetch(url)).text();
  const [, script = ""] = /<script[^>]* src="([^"]+)"/.exec(page) ?? [];
  const loaded = await fetch(new URL(script, url));
  expect([loaded.status, loaded.headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")]);
  const ended = new Promise((resolve) => void server.once("close", resolve));
  // The program itself: what starts it may be a shell or a package manager.
  process.kill(pid, "SIGTERM");
  await ended;
}
