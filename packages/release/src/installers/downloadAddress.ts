import { readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { ReleaseContext } from "../releaseContext.ts";

export const addressVariable = "RELEASE_BASE_URL";
const placeholder = "{version}";

/**
 * The folder a release is downloaded from, with `{version}` in it where the version stands: what RELEASE_BASE_URL says, else the releases of
 * the repository that the clone's package.json names. Undefined where neither is known.
 *
 * @throws UserError usage, for what is no address
 */
export function downloadAddress(
  { root }: Pick<ReleaseContext, "root">,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const asked = env[addressVariable] ?? "";
  // It is pasted into scripts and manifests, between quotes.
  if (asked !== "" && !/^https?:\/\/[\w.~:/{}%@+-]+$/.test(asked)) {
    throw new UserError("usage", `${addressVariable} is \`${asked}\`, which is no address`, {
      hint: `such as https://downloads.example.com/${placeholder}`,
    });
  }
  return asked === "" ? releasesOf(repositoryIn(root)) : asked.replace(/\/$/, "");
}

/** An address as it is for one version. */
export function addressOf(address: string, version: string): string {
  return address.replaceAll(placeholder, version);
}

function releasesOf(repository: string | undefined): string | undefined {
  return repository === undefined
    ? undefined
    : `${repository.replace(/^git\+/, "").replace(/\.git$/, "")}/releases/download/v${placeholder}`;
}

function repositoryIn(root: string): string | undefined {
  const { repository } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    readonly repository?: string | { readonly url?: string };
  };
  return typeof repository === "string" ? repository : repository?.url;
}
