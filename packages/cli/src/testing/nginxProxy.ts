import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { delimiter, join } from "node:path";
import { connect } from "node:tls";
import type { Batch } from "@claude-orchestrator/protocol";
import { makeFolder } from "./folder.ts";
import type { Question, Reply } from "./serverRig.ts";

/** The name people type. */
export const proxyHost = "fleet.example.org";

/** nginx in front of the server, asked over TLS. */
export interface NginxProxy extends AsyncDisposable {
  ask(path: string, question?: Question): Promise<Reply>;
  /** Hears the batches of a stream as they come; the answer ends it. */
  listen(path: string, headers: Question["headers"], onBatch: (batch: Batch) => void): () => void;
  /** What comes back when a WebSocket is asked for: the head, and the first words of the stream. */
  upgrade(path: string, headers: Question["headers"]): Promise<string>;
}

/** Undefined where it is not on this machine. */
export function programAt(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** With this block in its configuration, at a socket of its own: no port can be another's. */
export async function startNginx(location: string): Promise<NginxProxy> {
  const folder = makeFolder();
  const place = (name: string): string => join(folder.path, name);
  makeCertificate(place);
  writeFileSync(place("nginx.conf"), configuration(place, location));
  const words = ["-c", place("nginx.conf"), "-p", folder.path, "-e", "stderr"];
  const child = spawn(programAt("nginx") ?? "", words, { stdio: "ignore", env: {} });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const way: Way = { socketPath: place("tls.sock"), servername: proxyHost, ca: readFileSync(place("cert.pem")) };
  while (!existsSync(way.socketPath)) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    ask: (path, question = {}) => ask(send(way, path, question)),
    listen: (path, headers = {}, onBatch) => listen(send(way, path, { headers }), onBatch),
    upgrade: (path, headers = {}) => upgrade(way, path, headers),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      folder[Symbol.dispose]();
    },
  };
}

interface Way {
  readonly socketPath: string;
  readonly servername: string;
  readonly ca: Buffer;
}

type Place = (name: string) => string;

function makeCertificate(place: Place): void {
  const kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const subject = ["-subj", `/CN=${proxyHost}`, "-addext", `subjectAltName=DNS:${proxyHost}`];
  const files = ["-keyout", place("key.pem"), "-out", place("cert.pem")];
  execFileSync(programAt("openssl") ?? "", [...kind, ...files, ...subject], { stdio: "ignore" });
}

function configuration(place: Place, location: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off; pid "${place("pid")}"; error_log stderr warn; events {}
    http { access_log off; ${kinds.map((kind) => `${kind}_temp_path "${place(kind)}";`).join(" ")}
      server { listen "unix:${place("tls.sock")}" ssl; server_name ${proxyHost};
        ssl_certificate "${place("cert.pem")}"; ssl_certificate_key "${place("key.pem")}";
        ${location} } }`;
}

function send(way: Way, path: string, { method = "GET", headers = {}, body }: Question): ClientRequest {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const request = httpsRequest({
    ...way,
    path,
    method,
    agent: false,
    headers: { host: proxyHost, ...type, ...headers },
  });
  return request.end(body === undefined ? undefined : JSON.stringify(body));
}

function ask(request: ClientRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    request.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("error", reject).on("end", () => {
        const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
  });
}

/** A stream that breaks off is no error: whoever listens comes again. */
function listen(request: ClientRequest, onBatch: (batch: Batch) => void): () => void {
  const ignore = (): void => undefined;
  request.on("error", ignore).on("response", (response) => {
    let held = "";
    response
      .on("error", ignore)
      .setEncoding("utf8")
      .on("data", (part: string) => {
        const messages = `${held}${part}`.split("\n\n");
        held = messages.pop() ?? "";
        for (const message of messages) onBatch(JSON.parse(/^data: (.*)$/m.exec(message)?.[1] ?? "{}") as Batch);
      });
  });
  return () => request.destroy();
}

const upgradeHeaders = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-version": "13",
  "sec-websocket-key": "MTIzNDU2Nzg5MDEyMzQ1Ng==",
};

function upgrade(
  { socketPath, ...way }: Way,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = Object.entries({ host: proxyHost, ...headers, ...upgradeHeaders });
    const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect({ ...way, path: socketPath }, () => {
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    });
    let text = "";
    socket
      .on("error", reject)
      .setEncoding("latin1")
      .on("data", (part: string) => {
        text += part;
        if (!text.includes('"hello"') && !text.startsWith("HTTP/1.1 4")) return;
        socket.destroy();
        resolve(text);
      });
  });
}
