import { cleanLine } from "../views/text/cleanText.ts";

export type CsvCell = string | number | boolean | undefined;

/**
 * RFC 4180: a line per row, ended by CR and LF, the titles first. What an agent or a file has named may not become a formula in a
 * spreadsheet: a text that would be taken for one gets an apostrophe in front, which spreadsheets do not show. Numbers stay numbers.
 */
export function csvText(titles: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [titles, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: CsvCell): string {
  if (cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const text = cleanLine(cell);
  const harmless = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
