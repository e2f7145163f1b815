/** A Markdown table, columns padded so that it reads well in a terminal too. The first column is text, the rest figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

export function inSeconds(value: number | undefined): string {
  return value === undefined ? "?" : value.toFixed(3);
}

export function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? "?" : (bytes / 1e6).toFixed(0);
}

/** "1.8x", or "" for the yardstick itself. */
export function asRatio(value: number | undefined, yardstick: number | undefined): string {
  if (value === undefined || yardstick === undefined || yardstick === 0) return "";
  return value === yardstick ? "" : `${(value / yardstick).toFixed(1)}x`;
}
