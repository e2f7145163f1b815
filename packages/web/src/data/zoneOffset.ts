const minute = 60_000;

/**
 * How far a zone's clock is ahead of UTC then, in ms. Pure.
 *
 * @param zone an IANA name; without it, the zone of the browser
 */
export function zoneOffset(at: number, zone?: string): number {
  if (zone === undefined) return -new Date(at).getTimezoneOffset() * minute;
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute;
}
