import { request as httpRequest } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunEvent, RunId } from "@claude-orchestrator/domain";
import { makeRunId } from "@claude-orchestrator/domain";
import { createClock } from "@claude-orchestrator/host";
import { AccessBook, startServer } from "@claude-orchestrator/server";
import type { RunningServer } from "@claude-orchestrator/server";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";
import { capturedIo } from "../io/capturedIo.ts";
import type { Io } from "../io/channel.ts";
import { fleetOf } from "../serve/fleetOf.ts";
import { makeFolder } from "./folder.ts";
import { created, noon, samplePlan } from "./sampleRun.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  json(): Readonly<Record<string, unknown>>;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
}

/** A running server over a folder of its own, asked through its real socket. Disposing of it tells what went wrong inside. */
export interface ServerRig extends AsyncDisposable {
  readonly folder: string;
  readonly runsFolder: string;
  readonly io: Io;
  readonly book: AccessBook;
  server: RunningServer;
  /** What went wrong inside; a test that expects it takes it away. */
  readonly troubles: unknown[];
  /** `path` as it stands, escaped or not. */
  ask(path: string, question?: Question): Promise<Reply>;
  /** The same with a token that may do everything. */
  askSigned(path: string, question?: Question): Promise<Reply>;
  /** Headers of a browser that is signed in, on our own page. */
  browser(): Readonly<Record<string, string>>;
  /** A run with its log open for more; `files` go into its folder. */
  addRun(
    events?: readonly RunEvent[],
    files?: Readonly<Record<string, string>>,
  ): { readonly id: RunId; readonly log: RunLog };
  /** Ends the server and starts another one at the same port. */
  restart(): Promise<void>;
}

export interface RigWish {
  readonly basePath?: string;
  readonly page?: Readonly<Record<string, string>>;
  readonly trustedProxies?: readonly string[];
  readonly publicUrl?: URL;
}

export async function startServerRig(wish: RigWish = {}): Promise<ServerRig> {
  const folder = makeFolder(
    Object.fromEntries(Object.entries(wish.page ?? {}).map(([name, text]) => [`web/${name}`, text])),
  );
  const runsFolder = join(folder.path, ".orchestrator", "runs");
  mkdirSync(runsFolder, { recursive: true });
  const env = { HOME: folder.path, PATH: "", CLAUDE_ORCHESTRATOR_STATE: join(folder.path, "state") };
  const io = capturedIo({ env, cwd: folder.path });
  const accessFolder = join(folder.path, "state", "server");
  const book = new AccessBook(accessFolder, () => Date.now());
  const token = book.createToken({ name: "test", lastsMs: 3_600_000, canChange: true });
  const troubles: unknown[] = [];
  const logs: RunLog[] = [];
  const start = (port: number): Promise<RunningServer> =>
    startServer({
      fleet: fleetOf(io, runsFolder),
      host: "127.0.0.1",
      port,
      basePath: wish.basePath ?? "",
      trustedProxies: wish.trustedProxies ?? [],
      publicUrl: wish.publicUrl,
      proxiesOnly: false,
      accessFolder,
      pageFolder: join(folder.path, "web"),
      onTrouble: (error) => troubles.push(error),
    });
  const rig: ServerRig = {
    folder: folder.path,
    runsFolder,
    io,
    book,
    troubles,
    server: await start(0),
    ask: (path, question = {}) => ask(rig.server.port, path, question),
    askSigned: (path, question = {}) =>
      ask(rig.server.port, path, { ...question, headers: { authorization: `Bearer ${token}`, ...question.headers } }),
    browser: () => {
      const session = book.signInByCode(book.createCode()) ?? "";
      const { port } = rig.server;
      return { cookie: `__Host-claude-orchestrator-${port}=${session}`, origin: `http://127.0.0.1:${port}` };
    },
    addRun: (events = [], files = {}) => {
      const id = makeRunId(noon + logs.length * 1000, () => 0.5);
      const directory = join(runsFolder, id);
      const log = createRunLog(directory, id, { clock: createClock(), programVersion: "0.1.0" });
      logs.push(log);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text);
      }
      for (const event of [{ ...created(samplePlan(["review"])), id, directory } as RunEvent, ...events])
        log.append(event);
      return { id, log };
    },
    restart: async () => {
      const { port } = rig.server;
      await rig.server.drain();
      rig.server = await start(port);
    },
    async [Symbol.asyncDispose]() {
      await rig.server.drain();
      await Promise.all(logs.map((log) => log.close()));
      folder[Symbol.dispose]();
      if (troubles.length > 0) throw new AggregateError(troubles, "something went wrong inside the server");
    },
  };
  return rig;
}

function ask(port: number, path: string, { method = "GET", headers = {}, body }: Question): Promise<Reply> {
  const content = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const type = body === undefined || typeof body === "string" ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, path, method, headers: { ...type, ...headers }, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        response.on("end", () => {
          const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(content);
  });
}
