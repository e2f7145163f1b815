/** The same fields, each either there or not: an empty field of the file is one that was left out. */
export type Filled<Fields> = { readonly [Key in keyof Fields]?: Exclude<Fields[Key], null | undefined> };

/** The fields that are there and not null. */
export function filled<Fields extends object>(fields: Fields | null | undefined): Filled<Fields> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== undefined),
  ) as Filled<Fields>;
}
