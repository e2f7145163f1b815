import type { NoticeKind, NotifyChannel, NotifyTarget, NotifyUrl } from "@claude-orchestrator/domain";
import type { Reporter } from "../check/reporter.ts";
import { filled } from "../filled.ts";
import type { NotifyTargetFields } from "../schema/notifySchema.ts";
import type { Path } from "../source/sourceNode.ts";

const channels = ["webhook", "slack", "desktop", "command"] as const;

const defaultKinds: readonly NoticeKind[] = ["needs_attention", "finished", "failed", "budget_100"];

/** The targets of `notify`. What is wrong, a secret in the file above all, is reported; the answer then is of no use. */
export function toNotify(
  given: readonly NotifyTargetFields[] | null | undefined,
  reporter: Reporter,
): readonly NotifyTarget[] {
  return (given ?? []).flatMap((target, at) => {
    const channel = channelOf(target, ["notify", at], reporter);
    const on = target.on ?? defaultKinds;
    return channel === undefined ? [] : [{ ...channel, on: typeof on === "string" ? [on] : [...new Set(on)] }];
  });
}

function channelOf(target: NotifyTargetFields, path: Path, reporter: Reporter): NotifyChannel | undefined {
  const { webhook, slack, command } = filled(target);
  const [name, more] = channels.filter((each) => target[each] !== undefined && target[each] !== null);
  if (name === undefined || more !== undefined) {
    const what =
      name === undefined ? "this target says not how to tell" : `this target has \`${name}\` and \`${more}\``;
    reporter.at(path, what, { hint: "each target has exactly one of webhook, slack, desktop, command" });
    return undefined;
  }
  if (webhook !== undefined) return webhookOf(webhook, [...path, "webhook"], reporter);
  if (slack !== undefined) {
    const url = urlOf(slack, [...path, "slack"], reporter);
    return { kind: "slack", url, allowPrivate: slack.allow_private ?? false };
  }
  if (command === undefined) return { kind: "desktop" };
  if (command[0]?.trim() === "") reporter.at([...path, "command", 0], "the program's name is empty");
  return { kind: "command", argv: command };
}

function webhookOf(
  webhook: NonNullable<NotifyTargetFields["webhook"]>,
  path: Path,
  reporter: Reporter,
): Extract<NotifyChannel, { kind: "webhook" }> {
  const { secret_env: secretEnv } = filled(webhook);
  if (secretEnv?.startsWith("whsec_") === true) {
    reporter.at([...path, "secret_env"], "this looks like the secret itself, not like the name of a variable", {
      hint: "put the secret into an environment variable and write that one's name here",
    });
  }
  const url = urlOf(webhook, path, reporter);
  return { kind: "webhook", url, ...filled({ secretEnv }), allowPrivate: webhook.allow_private ?? false };
}

interface UrlFields {
  readonly url?: string | null | undefined;
  readonly url_env?: string | null | undefined;
  readonly allow_private?: boolean | null | undefined;
}

function urlOf(fields: UrlFields, path: Path, reporter: Reporter): NotifyUrl {
  const { url, url_env: env } = filled(fields);
  if ((url === undefined) === (env === undefined)) {
    const what = url === undefined ? "no address is given" : "the address is given twice";
    reporter.at(path, what, { hint: "write `url`, or the name of an environment variable as `url_env`" });
  }
  if (env !== undefined) return { env };
  if (url !== undefined) checkUrl(url, fields.allow_private === true, { path: [...path, "url"], reporter });
  return { text: url ?? "" };
}

function checkUrl(url: string, allowPrivate: boolean, { path, reporter }: { path: Path; reporter: Reporter }): void {
  const scheme = /^(https?):\/\/[^\s/?#]+/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    reporter.at(path, "this is no address of the web", { hint: "write it whole: https://host/path" });
  } else if (scheme === "http" && !allowPrivate) {
    const hint = "write https, or `allow_private: true` for a receiver in your own network";
    reporter.at(path, "over http anybody on the way can read it", { hint });
  }
  if (holdsSecret(url)) {
    const hint = "put it into an environment variable and write that one's name as `url_env`";
    reporter.at(path, "this address is a secret: whoever knows it can write there", { hint });
  }
}

/** A password before the host, a parameter that is called like a secret, or a service whose addresses are the key to it. */
function holdsSecret(url: string): boolean {
  return (
    /^https?:\/\/[^/?#]*@/i.test(url) ||
    /[?&](?:[a-z_-]*(?:token|secret|password|signature|api_?key)|key|sig|code)=/i.test(url) ||
    /^https?:\/\/(?:hooks\.slack(?:-gov)?\.com\/|(?:[a-z]+\.)?discord(?:app)?\.com\/api\/webhooks\/|[^/]*\.webhook\.office\.com\/)/i.test(
      url,
    )
  );
}
