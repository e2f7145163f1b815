import { noticeKinds } from "@claude-orchestrator/domain";
import * as z from "zod/mini";
import { environmentName, filledText, flag, objectOf, optional, text } from "./fields.ts";

const url = optional(filledText, "The address, where it holds no secret: https, or http with `allow_private`");
const urlEnv = optional(
  environmentName,
  "Name of the environment variable that holds the address, for one that is a secret itself",
);
const allowPrivate = optional(
  flag,
  "True: addresses of this machine and of private networks may be dialled. Without it they are refused",
);

export const webhookSchema = objectOf("a webhook", {
  url,
  url_env: urlEnv,
  secret_env: optional(
    environmentName,
    "Name of the environment variable with the key that messages are signed with (Standard Webhooks: `whsec_…`)",
  ),
  allow_private: allowPrivate,
});

export const slackSchema = objectOf("a Slack target", { url, url_env: urlEnv, allow_private: allowPrivate });

const kindWords = `one of ${noticeKinds.join(", ")}`;
const kind = z.enum(noticeKinds, kindWords);

export const notifyTargetSchema = objectOf("a notification target", {
  webhook: optional(webhookSchema, "A signed POST with JSON, as Standard Webhooks describes it"),
  slack: optional(slackSchema, "An incoming webhook of Slack, or of what understands the same (Mattermost, Discord …)"),
  desktop: optional(z.literal(true, "true"), "True: a notification on this machine's desktop"),
  command: optional(
    z.array(text, "a list of words").check(z.minLength(1, "a list with at least the program")),
    "A program and its arguments, run without a shell in the workspace; the event comes as JSON on standard input",
  ),
  on: optional(
    z.union(
      [kind, z.array(kind, "a list of events").check(z.minLength(1, "a list with at least one event"))],
      kindWords,
    ),
    `What is told: ${noticeKinds.join(", ")}. Without it: needs_attention, finished, failed, budget_100`,
  ),
});

export const notifySchema = z.array(notifyTargetSchema, "a list of notification targets");

export type NotifyTargetFields = z.infer<typeof notifyTargetSchema>;
