import type { Platform } from "../artifact.ts";
import { targets } from "../exe/targets.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { checkLicences } from "../licences/allowedLicences.ts";
import { bundledComponents } from "./bundledComponents.ts";
import { compilerParts } from "./compilerParts.ts";
import { byRef, genericPurl, npmPurl, type Component } from "./component.ts";
import { launcherParts } from "./launcherParts.ts";
import { readLockfile, lockedPackage } from "./lockfile.ts";
import { nodeRuntime } from "./nodeRuntime.ts";

/** Forms that differ in what is inside: the npm package, and the executable of a platform. Others carry one of these. */
export type SbomForm = "npm" | Platform;

/** What a form is, and what of others is inside: the one source of its SBOMs and its licences. */
export interface Contents {
  readonly form: SbomForm;
  readonly version: string;
  readonly commit: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly ref: string;
  readonly components: readonly Component[];
  /** The `ref`s of what our own code uses. */
  readonly needs: readonly string[];
  /** What put it together, and is not inside. */
  readonly tools: readonly { readonly name: string; readonly version: string }[];
}

type ContentsContext = Pick<ReleaseContext, "root" | "bundle" | "version" | "commit" | "sourceDateEpoch">;

const bundlers = ["esbuild", "vite"];

/** @throws UserError where something inside is under a licence that nobody has allowed */
export function contentsOf(context: ContentsContext, form: SbomForm): Contents {
  const { root, version, commit, sourceDateEpoch } = context;
  const lockfile = readLockfile(root);
  const bundled = bundledComponents(context);
  const around = form === "npm" ? [] : aroundProgram(root, form);
  const components = [...bundled.components, ...around];
  checkLicences(components);
  return {
    form,
    version,
    commit,
    at: sourceDateEpoch,
    ref: form === "npm" ? npmPurl("claude-orchestrator", version) : executablePurl(version, form),
    components,
    needs: [...bundled.needs, ...around.map(({ ref }) => ref)],
    tools: bundlers.map((name) => ({ name, version: lockedPackage(lockfile, `node_modules/${name}`).version })),
  };
}

/** What an executable has that the program does not: the Node it runs on, and what starts it. */
function aroundProgram(root: string, platform: Platform): readonly Component[] {
  const target = targets.find((each) => each.platform === platform);
  if (target === undefined) throw new Error(`there is no executable for ${platform}`);
  return [nodeRuntime(root, target), ...[...launcherParts(root), ...compilerParts(target, root)].toSorted(byRef)];
}

function executablePurl(version: string, platform: Platform): string {
  return `${genericPurl("claude-orchestrator", version)}?platform=${platform}`;
}
