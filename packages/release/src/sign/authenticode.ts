import { renameSync, rmSync } from "node:fs";
import type { CodeSigning } from "./signCode.ts";
import { hasTool, signingTool } from "./signingTool.ts";
import type { Environment } from "./signingTool.ts";

const tool = "osslsigncode";

/** Where the key is: files, never what is in them. */
interface WindowsKey {
  readonly words: readonly string[];
  readonly password: string | undefined;
}

/**
 * Signs a program for Windows in its place, with the certificate and key the environment names (docs/guide/release-keys.md). The time in
 * the signature is that of the release unless a time-stamping authority is asked, so that the same key gives the same bytes.
 */
export const authenticode: CodeSigning = {
  reasonToSkip(env) {
    if (windowsKey(env) === undefined) {
      return "WINDOWS_SIGNING_PKCS12, or WINDOWS_SIGNING_CERT and WINDOWS_SIGNING_KEY, are not set";
    }
    return hasTool(tool, env) ? undefined : `\`${tool}\` is not installed`;
  },

  sign(file, { env, at, description }) {
    const { words, password } = windowsKey(env) ?? { words: [], password: undefined };
    const stamp = env["WINDOWS_SIGNING_TIMESTAMP_URL"] ?? "";
    const signed = `${file}.signed`;
    const time = stamp === "" ? ["-time", String(at)] : ["-ts", stamp];
    const unlocked = password === undefined ? [] : ["-readpass", "-"];
    const names = ["-n", description, "-in", file, "-out", signed];
    try {
      signingTool([tool, "sign", ...words, ...unlocked, "-h", "sha256", ...time, ...names], {
        env,
        input: password ?? "",
      });
      renameSync(signed, file);
    } finally {
      rmSync(signed, { force: true });
    }
  },
};

function windowsKey(env: Environment): WindowsKey | undefined {
  const [container, certificate, key] = ["PKCS12", "CERT", "KEY"].map((name) => env[`WINDOWS_SIGNING_${name}`] ?? "");
  const password = env["WINDOWS_SIGNING_PASSWORD"];
  if (container !== undefined && container !== "") return { words: ["-pkcs12", container], password };
  if (certificate === undefined || key === undefined || certificate === "" || key === "") return undefined;
  return { words: ["-certs", certificate, "-key", key], password };
}
