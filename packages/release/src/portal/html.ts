/** Text that is markup already. Only `html` makes it, so nothing gets into a page without being escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[];

/** Markup as written, with every value in it escaped for text and for quoted attributes alike. */
export function html(written: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = written.map((part, index) => part + (index < values.length ? shown(values[index] ?? "") : ""));
  return new Markup(parts.join(""));
}

/** The style or the script of a page, byte for byte: a policy names its hash. Nobody's input. */
export function verbatim(name: "style" | "script", text: string): Markup {
  return new Markup(`<${name}>${text}</${name}>`);
}

function shown(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return String(value).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
