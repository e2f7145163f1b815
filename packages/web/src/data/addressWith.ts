export type AddressChanges = Readonly<Record<string, string | number | undefined>>;

/** A path with the query of an address, these values of it changed: undefined or "" leaves a name out. */
export function addressWith(path: string, search: string, changes: AddressChanges): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") params.delete(name);
    else params.set(name, String(value));
  }
  const query = params.toString();
  return query === "" ? path : `${path}?${query}`;
}
