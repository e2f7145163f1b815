import { readFileSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";

/** Where a server is asked, and with which token. */
export interface ServerAddress {
  /** With a slash at its end. */
  readonly url: URL;
  readonly token: string;
}

/** @throws UserError usage for an address nobody should send a token to, or where there is no token */
export function readServerAddress(text: string, { env }: Pick<Io, "env">): ServerAddress {
  const url = URL.canParse(text) ? new URL(text.endsWith("/") ? text : `${text}/`) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new UserError("usage", `\`--server\` needs an address, not \`${text}\``, {
      hint: "such as `--server http://127.0.0.1:4141`",
    });
  }
  if (url.protocol === "http:" && !/^(?:127\.[\d.]+|localhost|\[::1\])$/.test(url.hostname)) {
    throw new UserError(
      "usage",
      `Whoever is on the way to ${url.hostname} could read the token: it is sent over https only`,
      {
        hint: `write \`--server https://${url.host}${url.pathname}\``,
      },
    );
  }
  return { url, token: readToken(env) };
}

function readToken(env: Io["env"]): string {
  const token = env["CLAUDE_ORCHESTRATOR_TOKEN"];
  if (token !== undefined && token !== "") return token;
  const file = env["CLAUDE_ORCHESTRATOR_TOKEN_FILE"];
  if (file !== undefined && file !== "") return readTokenFile(file);
  throw new UserError("usage", "A server is asked with a token, and there is none", {
    hint: `\`${programName} tokens create NAME\` on its machine makes one; put it in CLAUDE_ORCHESTRATOR_TOKEN, or its file's name in CLAUDE_ORCHESTRATOR_TOKEN_FILE`,
  });
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("file-not-readable", `The token cannot be read: ${why}`, { cause: error });
  }
}
