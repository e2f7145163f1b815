import type { NotifyChannel } from "@claude-orchestrator/domain";

/**
 * Each target of a file's list in words: short, and without anything secret, of an address only where it leads. Those that
 * would be called the same are told apart by their place in the list.
 */
export function describeTargets(targets: readonly NotifyChannel[]): readonly string[] {
  const words = targets.map(describeTarget);
  return words.map((each, at) =>
    words.indexOf(each) === words.lastIndexOf(each) ? each : `${each} (no. ${at + 1} of \`notify\`)`,
  );
}

/** One of them by itself. */
export function describeTarget(target: NotifyChannel): string {
  switch (target.kind) {
    case "webhook":
    case "slack":
      return `${target.kind} ${"env" in target.url ? `$${target.url.env}` : originOf(target.url.text)}`;
    case "desktop":
      return "desktop";
    case "command":
      return `command ${target.argv[0] ?? ""}`;
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "(no address)";
}
