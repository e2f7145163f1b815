import { resolve } from "node:path";
import { agentByName } from "@claude-orchestrator/agents";
import { UserError } from "@claude-orchestrator/domain";
import type { Plan, RunState } from "@claude-orchestrator/domain";
import { createRedactor } from "@claude-orchestrator/engine";
import type { RunRequest } from "@claude-orchestrator/engine";
import type { CassetteOptions, GatewayOptions } from "@claude-orchestrator/gateway";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import type { Preflight } from "../run/preflight.ts";
import { refuseIf } from "../run/problems.ts";
import type { PlanFlagValues } from "../run/readPlan.ts";
import { portOf, prepareGateway, vendorsOf } from "./prepareGateway.ts";
import { refuseToLeaveGateway } from "./stayOnPath.ts";
import type { GoingOn } from "./stayOnPath.ts";

type CassetteFlags = Pick<PlanFlagValues, "record" | "replay" | "replay-pace" | "gateway">;

interface CassetteWish {
  readonly kind: "record" | "replay";
  /** Absolute. */
  readonly folder: string;
  /** Of a replay. */
  readonly pace: "real" | "fast";
}

/** Of a run that is taken up: what its log says. */
/**
 * Whether a run is recorded, or is one again.
 *
 * @throws UserError usage where the flags do not go together
 */
export function cassetteWish(flags: CassetteFlags, cwd: string): CassetteWish | undefined {
  const { record, replay } = flags;
  if (record !== undefined && replay !== undefined) {
    throw new UserError("usage", "A run is recorded or replayed: `--record` and `--replay` do not go together");
  }
  if (flags["replay-pace"] !== undefined && replay === undefined) {
    throw new UserError("usage", "`--replay-pace` is for a replay: give the cassette with `--replay FOLDER`");
  }
  const folder = record ?? replay;
  if (folder === undefined) return undefined;
  if (folder === "") throw new UserError("usage", "A cassette is a folder: `--record FOLDER`, `--replay FOLDER`");
  if (flags.gateway === "off") {
    const flag = record === undefined ? "--replay" : "--record";
    throw new UserError("usage", `\`${flag}\` works in the gateway, so \`--gateway off\` cannot be beside it`);
  }
  const pace = flags["replay-pace"] === "real" ? "real" : "fast";
  return { kind: record === undefined ? "replay" : "record", folder: resolve(cwd, folder), pace };
}

/** What the log says of a run that is a replay, for people and for whoever adds up what was spent. */
export function replayMarks(
  flags: CassetteFlags & { readonly "demo-note": string | undefined },
  cwd: string,
): Pick<RunRequest, "demo" | "replay"> {
  const wish = cassetteWish(flags, cwd);
  const demo = flags["demo-note"];
  if (wish?.kind !== "replay") return demo === undefined ? {} : { demo };
  const spent = "nothing was spent; tokens and costs are those of the recording";
  return { demo: `replayed from ${wish.folder}: ${spent}`, replay: wish.folder };
}

/**
 * The gateway of a run as its command line asks for it, with a cassette in it where one was named.
 *
 * @throws UserError cassette-not-usable, agent-refused, usage; whatever `prepareGateway` throws
 */
export async function gatewayOf(
  { plan, agents }: Pick<Preflight, "plan" | "agents">,
  flags: CassetteFlags,
  io: Pick<Io, "env" | "cwd" | "talk">,
  goingOn?: GoingOn,
): Promise<GatewayOptions | undefined> {
  const wish = cassetteWish(flags, io.cwd);
  if (wish?.kind === "replay") return replaying(plan, wish, io, goingOn?.history);
  if (goingOn !== undefined) refuseToLeaveGateway(plan, goingOn, io);
  const gateway = await prepareGateway(plan, io, goingOn?.history);
  return wish === undefined ? gateway : recording({ plan, agents }, wish, gateway, { io, goingOn });
}

async function recording(
  { plan, agents }: Pick<Preflight, "plan" | "agents">,
  wish: CassetteWish,
  gateway: GatewayOptions | undefined,
  { io, goingOn }: { readonly io: Pick<Io, "env" | "talk">; readonly goingOn: GoingOn | undefined },
): Promise<GatewayOptions | undefined> {
  const { isRecorded, isSealed } = await import("@claude-orchestrator/gateway");
  if (goingOn === undefined && isRecorded(wish.folder)) {
    throw new UserError(
      "cassette-not-usable",
      `There is something in ${wish.folder} already, so nothing is recorded over it`,
      {
        hint: "name a new folder, or remove that one first",
      },
    );
  }
  if (goingOn !== undefined && isSealed(wish.folder)) {
    io.talk.write(
      `note: the recording in ${wish.folder} has ended and stays as it is: what runs now is not recorded\n`,
    );
    return gateway;
  }
  refuseUnrecorded(plan, gateway);
  const programs = Object.fromEntries(
    agents.flatMap(({ adapter, version }) => (version === undefined ? [] : [[adapter.name, version]])),
  );
  const about = { version: programVersion(), programs };
  const keys = gateway?.upstreams.map(({ vendor, key }) => [`${vendor.toUpperCase()}_KEY`, key] as const) ?? [];
  return {
    ...(gateway ?? { upstreams: [], allowUnpriced: false }),
    cassette: {
      kind: "record",
      folder: wish.folder,
      ...machine(plan, io, Object.fromEntries(keys)),
      cut: cutOff(goingOn?.history),
      about,
    },
  };
}

async function replaying(
  plan: Plan,
  { folder, pace }: CassetteWish,
  io: Pick<Io, "env">,
  history: RunState | undefined,
): Promise<GatewayOptions> {
  refuseIf(
    unreachable(plan).map((name) => ({
      code: "agent-refused",
      message: `${name} cannot be replayed: its agent asks its model by a way of its own, not through the gateway`,
      hint: "leave it out with `--only`, or give it a model of an API that the gateway speaks",
    })),
  );
  const { readCassette } = await import("@claude-orchestrator/gateway");
  // Before anything is started, and again when it is played.
  refuseCut(plan, readCassette(folder).cut, folder);
  const port = portOf(history);
  const upstreams = vendorsOf(plan).map((vendor) => ({
    vendor,
    url: "http://127.0.0.1",
    key: "none",
    scheme: "own" as const,
    env: {},
  }));
  return {
    upstreams,
    allowUnpriced: plan.gateway?.allowUnpriced ?? false,
    ...(port === undefined ? {} : { port }),
    cassette: { kind: "replay", folder, ...machine(plan, io), cut: cutOff(history), pace, explain: differenceOf },
  };
}

/** Instances that asked their model in an attempt which an earlier supervisor did not see to its end. */
function cutOff(history: RunState | undefined): readonly string[] {
  const instances = [...(history?.instances.values() ?? [])];
  const cut = instances.filter(({ attempts }) =>
    attempts.some(({ requests, adopted, end }) => {
      return (requests?.reserved ?? 0) > 0 && (end === undefined || adopted === true || end.exit.lost === true);
    }),
  );
  return cut.map(({ name }) => name);
}

/** @throws UserError cassette-not-usable: the continuation of an agent that was killed is not what one asks that was not */
function refuseCut(plan: Plan, cut: readonly string[], folder: string): void {
  const asked = plan.instances.filter(({ name }) => cut.includes(name));
  refuseIf(
    asked.map(({ name }) => ({
      code: "cassette-not-usable",
      message: `The cassette in ${folder} is not whole: ${name} was cut off while it was recorded, when its run was killed`,
      hint: "record the run again with --record and a new folder, or leave it out with `--only`",
    })),
  );
}

async function differenceOf(recorded: string, asked: string) {
  // Apart, since it brings the finder of differences along.
  const { cassetteDifference } = await import("./cassetteDifference.ts");
  return cassetteDifference(recorded, asked);
}

function machine(
  plan: Plan,
  { env }: Pick<Io, "env">,
  keys: Readonly<Record<string, string>> = {},
): Pick<CassetteOptions, "home" | "redact"> {
  const home = env["HOME"] ?? env["USERPROFILE"];
  const own = plan.instances.flatMap((instance) => Object.entries(instance.env.values));
  const all = [...Object.entries(env), ...own, ...Object.entries(keys)];
  const texts = all.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...(home === undefined ? {} : { home }), redact: createRedactor(Object.fromEntries(texts)) };
}

/** Instances whose agent asks a model, but not in a way the gateway knows. What is not an agent asks nobody. */
function unreachable(plan: Plan): readonly string[] {
  return plan.instances.flatMap((instance) => {
    const adapter = agentByName(instance.agent);
    const asksNobody = adapter?.program === undefined;
    return asksNobody || adapter.gateway?.vendor(instance) !== undefined ? [] : [instance.name];
  });
}

/** @throws UserError agent-refused: a cassette with a hole in it would be found out only when it is played */
function refuseUnrecorded(plan: Plan, gateway: GatewayOptions | undefined): void {
  const known = new Set(gateway?.upstreams.map(({ vendor }) => vendor));
  const keyless = plan.instances.flatMap((instance) => {
    const vendor = agentByName(instance.agent)?.gateway?.vendor(instance);
    return vendor === undefined || known.has(vendor) ? [] : [{ name: instance.name, vendor }];
  });
  refuseIf([
    ...unreachable(plan).map((name) => ({
      code: "agent-refused" as const,
      message: `${name} cannot be recorded: its agent asks its model by a way of its own, not through the gateway`,
      hint: "leave it out with `--only`, or give it a model of an API that the gateway speaks",
    })),
    ...keyless.map(({ name, vendor }) => ({
      code: "gateway-key" as const,
      message: `${name} cannot be recorded: no key for ${vendor} is known, so its agent would ask by itself`,
      hint: `set the key in the environment, or in the file: gateway: { ${vendor}: { key: … } }`,
    })),
  ]);
}
