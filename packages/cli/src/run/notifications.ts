import type { LoggedEvent, Plan } from "@claude-orchestrator/domain";
import type { EnvironmentSource } from "@claude-orchestrator/engine";
import { createClock, createEnvironment, createNotifier } from "@claude-orchestrator/host";
import type { Notifier } from "@claude-orchestrator/host";
import type { RunLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import type { Display } from "./display.ts";

/**
 * The targets of the plan's `notify` hear what the log has on disk. Whoever ends the run waits for `closeNotifier` before the
 * screen is given back, since what could not be delivered is told in a line.
 *
 * @param history what the log holds already, from its first event, of a run that is taken up again
 */
export function notifyOf(
  log: RunLog,
  { directory, history = [] }: { readonly directory: string; readonly history?: readonly LoggedEvent[] },
  display: Display,
  io: Io,
): Notifier {
  const notifier = createNotifier({
    directory,
    environment: createEnvironment(io.env),
    clock: createClock(),
    random: Math.random,
    onFailure: (sentence) => display.print(`${io.talk.paint("warn", "warning:")} ${cleanLine(sentence)}\n`),
  });
  notifier.take(history);
  log.subscribe((events) => notifier.take(events));
  log.onTrouble((trouble) => {
    if (trouble !== undefined) notifier.storageTrouble(trouble.message);
  });
  return notifier;
}

/** Not SIGHUP: a terminal that is closed is no wish to end. */
const signals = ["SIGINT", "SIGTERM"] as const;

/** Waits a stated while for what is on its way; whoever asks the program to end meanwhile has waited long enough. */
export async function closeNotifier(notifier: Notifier, display: Display): Promise<void> {
  if (!notifier.isBusy) {
    await notifier.close();
    return;
  }
  display.notice("waiting for notifications to be delivered, at most 15 s (Ctrl-C: no longer)");
  const hurry = Promise.withResolvers<void>();
  const heard = (): void => hurry.resolve();
  for (const signal of signals) process.once(signal, heard);
  await notifier.close(hurry.promise);
  for (const signal of signals) process.off(signal, heard);
  display.notice(undefined);
}

/** Names of the plan's targets that are not set: what hangs on them will not arrive, which keeps nothing from starting. */
export function notifyNotices(plan: Plan, environment: Pick<EnvironmentSource, "get">): readonly string[] {
  const names = (plan.notify ?? []).flatMap((target) => {
    if (target.kind === "desktop" || target.kind === "command") return [];
    const url = "env" in target.url ? [target.url.env] : [];
    return target.kind === "webhook" && target.secretEnv !== undefined ? [...url, target.secretEnv] : url;
  });
  return [...new Set(names)]
    .filter((name) => (environment.get(name) ?? "") === "")
    .map((name) => `$${name} is not set, so what \`notify\` sends with it will not arrive`);
}
