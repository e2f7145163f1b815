import { useNow } from "../data/useNow.ts";
import { useClock } from "../settings/SettingsProvider.tsx";

/** How long ago, in words that stay right while one looks, or when, as somebody chose; exact, with the zone, on hover. */
export function Moment({ at }: { readonly at: number }) {
  const now = useNow(at);
  const { exactly, shortly } = useClock();
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {shortly === undefined ? relatively(at, now) : shortly(at)}
    </time>
  );
}

// Making one takes longer than all the rest of a row of a table.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "3 minutes ago", "in 2 hours", "just now". Both in ms since 1970. */
export function relatively(at: number, now: number): string {
  const away = at - now;
  for (const [unit, length] of units) {
    if (Math.abs(away) >= length) return relative.format(Math.round(away / length), unit);
  }
  return Math.abs(away) < 5_000 ? "just now" : relative.format(Math.round(away / 1000), "second");
}
