import * as z from "zod/mini";
import { count, environmentName, filledText, flag, objectOf, optional } from "./fields.ts";

export const keySchema = objectOf("a key", {
  env: optional(environmentName, "The environment variable that holds it"),
  file: optional(filledText, "The file that holds it, which nobody but its owner may read"),
  command: optional(
    z.array(filledText, "a list: a program and its arguments").check(z.minLength(1, "a list with at least a program")),
    "The program that prints it, and its arguments; no shell sees them",
  ),
  credential: optional(filledText, "Its name among the credentials systemd gives the service"),
  keychain: optional(
    filledText,
    "The service it is kept under in the system's own store: Secret Service, macOS Keychain, Windows Credential Manager",
  ),
  account: optional(filledText, "With `keychain`: the account, where the service has several"),
});

export const upstreamSchema = objectOf("an upstream of the gateway", {
  url: optional(
    filledText,
    "Where the API is, or a gateway of your own before it. Without it: what the agents' own variable says, else the vendor's",
  ),
  key: optional(keySchema, "Where its key is read, once. Without it: the vendor's own variable"),
});

export const gatewayObjectSchema = objectOf("the gateway", {
  anthropic: optional(upstreamSchema, "Anthropic's API, or one that speaks as it does"),
  openai: optional(upstreamSchema, "OpenAI's API, or one that speaks as it does"),
  google: optional(upstreamSchema, "Google's API, or one that speaks as it does"),
  required: optional(
    flag,
    "True: nothing starts where an agent would ask its model past the gateway. Without it: such agents are counted after the fact",
  ),
  ca: optional(filledText, "A file of certificates (PEM) to trust beside the usual ones, relative to this file"),
  allow_unpriced: optional(
    flag,
    "True: what has no known price is let through under a budget in dollars, uncounted. Without it: it is refused",
  ),
  max_concurrent_requests: optional(
    count,
    "Requests at one API at once at most, of all agents together. Without it: as many as the API is seen to bear",
  ),
  max_output_tokens: optional(
    count,
    "The longest answer agents ask for, where they can be told (claude): so much less is set aside for each request",
  ),
});

export const gatewaySchema = z.union(
  [z.enum(["on", "off"]), flag, gatewayObjectSchema],
  "on, off, or an object of settings",
);

export type GatewayFields = z.infer<typeof gatewaySchema>;
