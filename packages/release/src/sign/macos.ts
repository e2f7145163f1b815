import type { CodeSigning } from "./signCode.ts";
import { hasTool, signingTool } from "./signingTool.ts";
import type { Environment } from "./signingTool.ts";

/**
 * Signs a program for macOS in its place with a Developer ID: by Apple's `codesign` where there is one, else by `rcodesign`. Without a
 * key the ad-hoc signature stays that every executable is made with: it starts, and Gatekeeper asks once where it was downloaded.
 */
export const developerId: CodeSigning = {
  reasonToSkip(env) {
    if (macosWords("file", env) === undefined) {
      return "MACOS_SIGNING_IDENTITY (on a Mac) or MACOS_SIGNING_PKCS12 are not set; the ad-hoc signature stays";
    }
    const tool = macosTool(env);
    return hasTool(tool, env) ? undefined : `\`${tool}\` is not installed; the ad-hoc signature stays`;
  },

  sign(file, { env }) {
    signingTool(macosWords(file, env) ?? [], { env });
  },
};

function macosTool(env: Environment): string {
  return (env["MACOS_SIGNING_IDENTITY"] ?? "") === "" ? "rcodesign" : "codesign";
}

/** How the tool is called; undefined without a key. Passwords are in files: a list of processes shows no more than their names. */
export function macosWords(file: string, env: Environment): readonly string[] | undefined {
  const [identity = "", container = "", password = ""] = ["IDENTITY", "PKCS12", "PASSWORD_FILE"].map(
    (name) => env[`MACOS_SIGNING_${name}`] ?? "",
  );
  const hardened = ["--options", "runtime", "--timestamp", "--force"];
  if (identity !== "") return ["codesign", ...hardened, "--sign", identity, file];
  if (container === "") return undefined;
  const unlocked = password === "" ? [] : ["--p12-password-file", password];
  return ["rcodesign", "sign", "--p12-file", container, ...unlocked, "--code-signature-flags", "runtime", file];
}
