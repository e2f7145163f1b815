import { renameSync, rmSync } from "node:fs";
import type { CodeSigning } from "./signCode.ts";
import { hasTool, signingTool } from "./signingTool.ts";
import type { Environment } from "./signingTool.ts";

const tool = "osslsigncode";

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
    const stamp = env["WINDOWS_SIGNING_TIMESTAMP_URL"] ?? "";
    const signed = `${file}.signed`;
    const time = stamp === "" ? ["-time", String(at)] : ["-ts", stamp];
    const names = ["-n", description, "-in", file, "-out", signed];
    try {
      signingTool([tool, "sign", ...(windowsKey(env) ?? []), "-h", "sha256", ...time, ...names], { env });
      renameSync(signed, file);
    } finally {
      rmSync(signed, { force: true });
    }
  },
};

/** Where the key is: files, never what is in them. Not every version reads a password from its input, so that is in a file too. */
function windowsKey(env: Environment): readonly string[] | undefined {
  const [container = "", certificate = "", key = "", password = ""] = ["PKCS12", "CERT", "KEY", "PASSWORD_FILE"].map(
    (name) => env[`WINDOWS_SIGNING_${name}`] ?? "",
  );
  const unlocked = password === "" ? [] : ["-readpass", password];
  if (container !== "") return ["-pkcs12", container, ...unlocked];
  return certificate === "" || key === "" ? undefined : ["-certs", certificate, "-key", key, ...unlocked];
}
