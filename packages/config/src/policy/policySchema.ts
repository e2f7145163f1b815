import * as z from "zod/mini";
import { count, dollars, filledText, objectOf } from "../schema/fields.ts";
import { permissionModes } from "../schema/instanceSchema.ts";

/** Left out, it locks nothing. Written empty it is a mistake: an administrator would take it for a lock. */
function lock<Schema extends z.core.$ZodType>(schema: Schema, description: string) {
  return z.optional(schema).check(z.describe(description));
}

const hostWords = "a host such as hooks.example.org or *.example.org, without https:// and without a port";
const host = z.string(hostWords).check(z.regex(/^(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, hostWords));

const addressWords = "an address of this machine such as 127.0.0.1 or ::1";
const address = z.string(addressWords).check(z.regex(/^[0-9a-fA-F:.]+$/, addressWords));

const budgetLockSchema = objectOf("the highest budget", {
  cost_usd: lock(dollars, "In dollars"),
  tokens: lock(count, "In tokens"),
}).check(z.refine((given) => Object.values(given).some((each) => each !== undefined), "an amount: cost_usd or tokens"));

const serverLockSchema = objectOf("the server", {
  addresses: z
    .array(address, "a list of addresses")
    .check(
      z.minLength(1, "a list with at least one address"),
      z.describe("Where `serve` may listen, and nowhere else"),
    ),
});

const updateLockSchema = objectOf("the updates", {
  source: lock(filledText, "Where updates come from, and nowhere else: an address, or a folder of this machine"),
  channel: lock(filledText, "Which channel is followed, and no other"),
});

/** What an administrator decides for everybody on a machine, in the words of the file. */
export const policySchema = objectOf("the policy", {
  agents: lock(
    z.array(filledText, "a list of agents").check(z.minLength(1, "a list with at least one agent")),
    "Agents that may be used, and no others; `command` is programs of one's own",
  ),
  permission_modes: lock(
    z
      .array(z.enum(permissionModes, `one of ${permissionModes.join(", ")}`), "a list of permission modes")
      .check(z.minLength(1, "a list with at least one permission mode")),
    "Permission modes agents may work in, and no others",
  ),
  trust_workspace: lock(z.literal("never", "never"), "Settings, hooks and MCP servers of a workspace are never loaded"),
  gateway: lock(z.literal("required", "required"), "Agents ask their models through the gateway, or do not start"),
  max_budget: lock(budgetLockSchema, "Each run has a budget that stops it, of at most this"),
  telemetry: lock(z.literal("off", "off"), "No spans leave a run, and no metrics are served"),
  outbound: lock(
    z.array(host, "a list of hosts"),
    "Hosts this program itself may reach beside this machine: notifications, telemetry, the gateway, --server",
  ),
  server: lock(
    z.union([z.literal("off", "off"), serverLockSchema], "off, or an object with `addresses`"),
    "Whether and where `serve` may listen",
  ),
  update: lock(
    z.union([z.literal("off", "off"), updateLockSchema], "off, or an object"),
    "Whether and from where the program updates itself",
  ),
});

export type PolicyFields = z.infer<typeof policySchema>;

/** As in `fieldsByLabel` of the other file. */
export const policyFieldsByLabel: Readonly<Record<string, readonly string[]>> = {
  "the policy": Object.keys(policySchema.shape),
  "the highest budget": ["cost_usd", "tokens"],
  "the server": Object.keys(serverLockSchema.shape),
  "the updates": Object.keys(updateLockSchema.shape),
};
