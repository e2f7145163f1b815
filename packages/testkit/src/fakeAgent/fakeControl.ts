import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { FakeScript, FakeStep, StartFacts } from "./script.ts";

/** A fake agent that has started and waits for what to do. */
export interface ObedientAgent extends StartFacts {
  readonly name: string;
  /** Takes the steps in order; settles when the last is taken, or when the agent's process has ended. */
  take(...steps: FakeScript): Promise<void>;
  /** Ends the script: the agent goes on with the step after its `obey`, or exits 0. */
  dismiss(): void;
  /** Settles when the agent's process has ended or dismissed us. */
  readonly ended: Promise<void>;
}

export interface FakeControl extends AsyncDisposable {
  /** The script of an agent that will report here under this name. */
  script(name: string): FakeScript;
  /** The next agent of this name that reports, in the order they came: each start is given out once. */
  agent(name: string): Promise<ObedientAgent>;
  close(): Promise<void>;
}

/** Lets a test lead fake agents step by step over a socket in a temporary folder: no sleeps, no polling. */
export async function openFakeControl(): Promise<FakeControl> {
  const folder = await mkdtemp(join(tmpdir(), "fake-"));
  const socket = join(folder, "control");
  const queues = new Map<string, Queue>();
  const sockets = new Set<Socket>();
  const queueOf = (name: string): Queue => {
    const queue = queues.get(name) ?? createQueue();
    queues.set(name, queue);
    return queue;
  };
  const receive = async (connection: Socket): Promise<void> => {
    const agent = await greet(connection);
    if (agent !== undefined) queueOf(agent.name).put(agent);
  };
  const server = createServer((connection) => {
    sockets.add(connection);
    connection.once("close", () => sockets.delete(connection));
    void receive(connection);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  const close = async (): Promise<void> => {
    for (const connection of sockets) connection.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(folder, { recursive: true, force: true });
  };
  return {
    script: (name) => [{ do: "obey", socket, name }],
    agent: (name) => queueOf(name).take(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Queue {
  readonly put: (agent: ObedientAgent) => void;
  readonly take: () => Promise<ObedientAgent>;
}

function createQueue(): Queue {
  const present: ObedientAgent[] = [];
  const wanted: ((agent: ObedientAgent) => void)[] = [];
  return {
    put(agent) {
      const next = wanted.shift();
      if (next === undefined) present.push(agent);
      else next(agent);
    },
    take() {
      const agent = present.shift();
      return agent === undefined ? new Promise((resolve) => wanted.push(resolve)) : Promise.resolve(agent);
    },
  };
}

/** Reads the agent's first line; undefined where it went before it had said who it is. */
async function greet(connection: Socket): Promise<ObedientAgent | undefined> {
  // An agent that is killed resets the connection: that is an end like any other.
  connection.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    connection.once("close", () => resolve());
  });
  const lines = createInterface({ input: connection })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) return undefined;
  const takeOne = async (step: FakeStep): Promise<void> => {
    connection.write(`${JSON.stringify(step)}\n`);
    await Promise.race([lines.next(), ended]);
  };
  return {
    ...(JSON.parse(first.value) as StartFacts & { name: string }),
    async take(...steps) {
      for (const step of steps) await takeOne(step);
    },
    dismiss: () => connection.end(),
    ended,
  };
}
