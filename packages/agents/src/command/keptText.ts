export interface KeptText {
  add(line: string, droppedBytes: number): void;
  /** All lines, trimmed; where there were too many, the newest, under a line that says how many are missing. */
  text(): string;
}

/** Keeps whole lines, the newest of them, up to `limit` characters in all. */
export function keepWithin(limit: number): KeptText {
  let lines: string[] = [];
  let first = 0;
  let kept = 0;
  let dropped = 0;

  function forgetOldest(): void {
    kept -= (lines[first]?.length ?? 0) + 1;
    first += 1;
    dropped += 1;
    if (first > 1000 && first * 2 > lines.length) {
      lines = lines.slice(first);
      first = 0;
    }
  }

  return {
    add(line, droppedBytes) {
      if (line.length > limit || droppedBytes > 0) {
        dropped += 1;
        return;
      }
      lines.push(line);
      kept += line.length + 1;
      while (kept > limit && first < lines.length - 1) forgetOldest();
    },
    text() {
      const whole = lines.slice(first).join("\n").trim();
      const lost = dropped === 1 ? "1 line" : `${dropped} lines`;
      return dropped === 0 ? whole : `[${lost} left out: see the raw output]\n${whole}`;
    },
  };
}
