import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createServer as createTlsServer } from "node:tls";
import { compileCache } from "@claude-orchestrator/testkit";
import { readNews } from "@claude-orchestrator/update";
import { describe, expect, test } from "vitest";
import { capturedIo } from "../io/capturedIo.ts";
import { startForwardProxy } from "../testing/forwardProxy.ts";
import { makeTestRepository } from "../testing/updateRepository.ts";
import type { TestRepository } from "../testing/updateRepository.ts";
import { startUpdateServer } from "../testing/updateServer.ts";
import { askNews } from "./askNews.ts";
import { platformWord, runUpdate } from "./runUpdate.ts";
import { newsFile } from "./updateSettings.ts";
import { webSource } from "./webSource.ts";

/* Updates from a network with one way out, by a real proxy. */

type Environment = Readonly<Record<string, string>>;

const offers = [{ version: "7.1.0", bytes: "the newer program", platform: platformWord() }];
const news = "7.1.0 is there";

function settingsOf({ scratch, root }: TestRepository): Environment {
  const file = join(scratch, "root.json");
  writeFileSync(file, root);
  return { CLAUDE_ORCHESTRATOR_STATE: join(scratch, "state"), CLAUDE_ORCHESTRATOR_UPDATE_ROOT: file };
}

async function check(repository: TestRepository, from: string, env: Environment): Promise<string> {
  const io = capturedIo({ env: { ...settingsOf(repository), ...env }, cwd: repository.scratch });
  await runUpdate({ check: true, channel: undefined, from, to: undefined, rollback: false, json: false }, io);
  return io.printed();
}

describe("by the proxy of the environment", () => {
  test("an update finds a source whose name only the proxy knows", async () => {
    using repository = makeTestRepository(offers);
    await using server = await startUpdateServer(repository.folder);
    await using proxy = await startForwardProxy(Number(server.url.port), { credentials: "me:pa ss" });
    const env = { http_proxy: `http://me:pa%20ss@127.0.0.1:${proxy.port}` };
    expect(await check(repository, "http://updates.invalid/", env)).toContain(news);
    expect(proxy.asked).toContain("GET http://updates.invalid/metadata/timestamp.json");
  });

  test("what is newest is asked for the notice", async () => {
    using repository = makeTestRepository(offers);
    await using server = await startUpdateServer(repository.folder);
    await using proxy = await startForwardProxy(Number(server.url.port));
    const source = { CLAUDE_ORCHESTRATOR_UPDATE_URL: "http://updates.invalid/" };
    const env = { ...settingsOf(repository), ...source, all_proxy: `127.0.0.1:${proxy.port}` };
    const io = capturedIo({ env, cwd: repository.scratch });
    expect(await askNews(io)).toBe(0);
    expect(readNews(newsFile(io)).newest).toBe("7.1.0");
  });

  test("nothing is asked for a source that NO_PROXY means", async () => {
    using repository = makeTestRepository(offers);
    await using server = await startUpdateServer(repository.folder);
    await using proxy = await startForwardProxy(Number(server.url.port));
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "example.com,127.0.0.0/8" };
    expect(await check(repository, server.url.href, env)).toContain(news);
    expect(proxy.asked).toEqual([]);
  });

  test.each(["http", "https"])("a password that it does not take is one sentence without it: %s", async (scheme) => {
    using repository = makeTestRepository(offers);
    await using proxy = await startForwardProxy(1, { credentials: "me:right" });
    const at = `127.0.0.1:${proxy.port}`;
    const refused = (env: Environment) => check(repository, `${scheme}://updates.invalid/`, env);
    await expect(refused({ ALL_PROXY: `http://me:wrong@${at}` })).rejects.toMatchObject({
      code: "update-refused",
      message: `Nothing was updated from ${scheme}://updates.invalid/: the proxy http://${at} (ALL_PROXY) does not take the name and the password it was given (407): they are written as http://NAME:PASSWORD@${at}`,
    });
    await expect(refused({ ALL_PROXY: at })).rejects.toThrow("asks for a name and a password (407)");
  });

  test.each(["http", "https"])("one that cannot be reached is named, without its password: %s", async (scheme) => {
    using repository = makeTestRepository(offers);
    const port = await startForwardProxy(1).then(async (proxy) => {
      await proxy[Symbol.asyncDispose]();
      return proxy.port;
    });
    const refused = check(repository, `${scheme}://updates.invalid/`, {
      ALL_PROXY: `http://me:secret@127.0.0.1:${port}`,
    });
    await expect(refused).rejects.toThrow(
      `by the proxy http://127.0.0.1:${port} (ALL_PROXY): connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  test("one that leads nowhere is named with its status", async () => {
    await using proxy = await startForwardProxy(1, { status: 403 });
    const at = `127.0.0.1:${proxy.port}`;
    const source = webSource(new URL("https://updates.invalid/"), { HTTPS_PROXY: at });
    const read = source.read("metadata/timestamp.json", { maxBytes: 1000, timeoutMs: 20_000 });
    await expect(read).rejects.toThrow(
      `the proxy http://${at} (HTTPS_PROXY) answers 403 instead of leading to updates.invalid`,
    );
  });

  test.each(["http", "https"])("one that never answers is given up in time, and left: %s", async (scheme) => {
    await using proxy = await startForwardProxy(1, { status: 0 });
    const source = webSource(new URL(`${scheme}://updates.invalid/`), { ALL_PROXY: `127.0.0.1:${proxy.port}` });
    const read = source.read("metadata/timestamp.json", { maxBytes: 1000, timeoutMs: 300 });
    await expect(read).rejects.toThrow("it did not come whole in time");
    await expect.poll(() => proxy.open()).toBe(0);
  });
});

describe("a source with a certificate of the company's own authority", () => {
  /** An authority, and a certificate of it for this machine. */
  function makeCertificate(folder: string): {
    readonly authority: string;
    readonly key: string;
    readonly cert: string;
  } {
    const at = (name: string): string => join(folder, name);
    const openssl = (...words: readonly string[]): void => {
      const { status, stderr } = spawnSync("openssl", words, { cwd: folder, encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
    };
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=A company");
    openssl("req", ...key, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=updates");
    writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1,DNS:updates.invalid\n");
    const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1", "-days", "2", "-extfile", "names"];
    openssl("x509", "-req", "-in", "own.csr", ...signing, "-out", "own.pem");
    return {
      authority: at("ca.pem"),
      key: readFileSync(at("own.key"), "utf8"),
      cert: readFileSync(at("own.pem"), "utf8"),
    };
  }

  /** The whole program: what Node believes it reads when it starts. */
  async function program(repository: TestRepository, from: string, env: Environment) {
    const words = [join(import.meta.dirname, "..", "main.ts"), "update", "--check", "--from", from];
    const own = {
      HOME: repository.scratch,
      PATH: process.env["PATH"] ?? "",
      ...compileCache,
      ...settingsOf(repository),
    };
    const child = spawn(process.execPath, words, { cwd: repository.scratch, env: { ...own, ...env } });
    const [out, talk, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { code: code as unknown, out, talk };
  }

  /** A server of its files, and before a proxy one that speaks TLS to who comes to it. */
  async function startSecure(repository: TestRepository, certificate: { readonly key: string; readonly cert: string }) {
    const files = createServer(certificate, (request, response) => {
      try {
        response.end(readFileSync(join(repository.folder, request.url ?? "")));
      } catch {
        response.writeHead(404).end();
      }
    });
    const port = await listening(files);
    const proxy = await startForwardProxy(port);
    const front = createTlsServer(certificate, (socket) => {
      const onward = connect(proxy.port, "127.0.0.1");
      socket.pipe(onward).pipe(socket);
      for (const each of [socket, onward]) each.on("error", () => each.destroy());
    });
    const frontPort = await listening(front);
    return {
      port,
      proxy,
      frontPort,
      async [Symbol.asyncDispose]() {
        await proxy[Symbol.asyncDispose]();
        files.closeAllConnections();
        for (const server of [files, front]) server.close();
      },
    };
  }

  async function listening(server: Server): Promise<number> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  test("is believed by NODE_EXTRA_CA_CERTS and by SSL_CERT_FILE, through a proxy too, and by nothing else", async () => {
    using repository = makeTestRepository(offers);
    const { authority, key, cert } = makeCertificate(repository.scratch);
    await using secure = await startSecure(repository, { key, cert });
    const direct = `https://127.0.0.1:${secure.port}/`;
    const found = { code: 0, out: expect.stringContaining(news) };
    expect(await program(repository, direct, {})).toMatchObject({
      code: 2,
      talk: expect.stringContaining("NODE_EXTRA_CA_CERTS=FILE names your network's"),
    });
    expect(await program(repository, direct, { SSL_CERT_FILE: authority })).toMatchObject(found);
    for (const proxy of [`http://127.0.0.1:${secure.proxy.port}`, `https://127.0.0.1:${secure.frontPort}`]) {
      const env = { NODE_EXTRA_CA_CERTS: authority, https_proxy: proxy };
      expect(await program(repository, "https://updates.invalid/", env)).toMatchObject(found);
    }
    expect(new Set(secure.proxy.asked)).toEqual(new Set(["CONNECT updates.invalid:443"]));
  });
});
