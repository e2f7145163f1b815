/** How somebody wants the page, in this browser. */
export interface Settings {
  /** How times are told: how long ago, or when. The other one is there on hover. */
  readonly times: "relative" | "absolute";
  /** An IANA name; "" for the browser's own. */
  readonly zone: string;
  /** Whether runs that end, or that need somebody, are read out by themselves. */
  readonly announces: boolean;
  /** Whether keys without Ctrl, Command or Alt do anything. */
  readonly singleKeys: boolean;
  /** What is pressed instead, by the keys of the table (`bindings.ts`). */
  readonly keys: Readonly<Record<string, string>>;
}

export const usualSettings: Settings = { times: "relative", zone: "", announces: true, singleKeys: true, keys: {} };

/** Whatever the browser kept: what makes no sense is as usual. Pure. */
export function readSettings(text: string | null): Settings {
  const kept = readObject(text);
  const { times, zone, announces, singleKeys, keys } = kept;
  return {
    times: times === "absolute" ? "absolute" : "relative",
    zone: typeof zone === "string" && isZone(zone) ? zone : "",
    announces: announces !== false,
    singleKeys: singleKeys !== false,
    keys: Object.fromEntries(Object.entries(isObject(keys) ? keys : {}).filter(isPairOfTexts)),
  };
}

/** Whether it is a time zone that this browser knows; "" is its own. Pure. */
export function isZone(name: string): boolean {
  try {
    return name === "" || Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

function readObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    return isObject(kept) ? kept : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPairOfTexts(pair: readonly [string, unknown]): pair is [string, string] {
  return typeof pair[1] === "string" && pair[1] !== "";
}
