import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

export const serve = defineCommand({
  name: "serve",
  summary: "Open the fleet in a browser: a page, a live stream and an API for its runs",
  about:
    "Only this machine can reach it, and only who opens the link it prints is signed in. Runs of terminals and of the server are the same runs; they go on when the server ends. At another address it starts only with a certificate (or a proxy that has one), a public address and a token.",
  arguments: [],
  flags: {
    port: { type: "number", value: "N", about: "Listen at this port (else one that is free)" },
    host: { type: "text", value: "ADDRESS", about: "Listen at this address (127.0.0.1)", complete: "none" },
    "no-open": { type: "switch", about: "Do not open a browser" },
    "base-path": {
      type: "text",
      value: "PATH",
      about: "Where a reverse proxy puts it, such as /fleet",
      complete: "none",
    },
    "public-url": {
      type: "text",
      value: "URL",
      about: "The address by which others reach it",
      complete: "none",
    },
    "tls-cert": { type: "text", value: "FILE", about: "Its certificate, in PEM", complete: "file" },
    "tls-key": { type: "text", value: "FILE", about: "The key of the certificate, in PEM", complete: "file" },
    "trusted-proxy": {
      type: "list",
      value: "ADDRESS",
      about: "A reverse proxy in front of it, or a network such as 10.0.0.0/8; may be given several times",
    },
    "print-unit": { type: "switch", about: "Print a systemd unit that starts it so, and end" },
    json: jsonFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["serve", "serve --port 4141 --no-open", "serve --port 4141 --print-unit"],

  async run(_words, flags, io) {
    const door = await import("../serve/door.ts");
    return flags["print-unit"] ? door.printServerUnit(process.argv.slice(3), io) : door.serve(flags, io);
  },
});

export const signIn = defineCommand({
  name: "sign-in",
  summary: "Print a new link that signs a browser in to the server that runs here",
  arguments: [],
  flags: { port: { type: "number", value: "N", about: "Of the server at this port" } },
  examples: ["sign-in", "sign-in --port 4141"],

  async run(_words, flags, io) {
    const { printSignIn } = await import("../serve/door.ts");
    return printSignIn(flags, io);
  },
});

export const tokensCreate = defineCommand({
  name: "tokens create",
  summary: "Make an API token for a script; it is printed once",
  arguments: [{ name: "NAME", about: "By which it is listed, revoked and named in the audit", required: true }],
  flags: {
    expires: { type: "text", value: "TIME", about: "How long it lasts, such as 30d (90d; a year at most)" },
    "read-only": { type: "switch", about: "It may look and not change anything" },
    json: jsonFlag,
  },
  examples: ["tokens create ci", "tokens create wallboard --read-only --expires 365d"],

  async run(words, flags, io) {
    const { createToken } = await import("../serve/door.ts");
    return createToken(words, flags, io);
  },
});

export const tokensList = defineCommand({
  name: "tokens list",
  summary: "List the API tokens, without what they are asked with",
  arguments: [],
  flags: { json: jsonFlag },
  examples: ["tokens list"],

  async run(_words, flags, io) {
    const { listTokens } = await import("../serve/door.ts");
    return listTokens(flags, io);
  },
});

export const tokensRevoke = defineCommand({
  name: "tokens revoke",
  summary: "Take an API token away: whoever has it is refused at once",
  arguments: [{ name: "NAME", about: "Which token", required: true }],
  flags: {},
  examples: ["tokens revoke ci"],

  async run(words, _flags, io) {
    const { revokeToken } = await import("../serve/door.ts");
    return revokeToken(words, io);
  },
});
