import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";
import { addressWith } from "./addressWith.ts";
import type { AddressChanges } from "./addressWith.ts";

export interface Address {
  /** For a link: the address as it is, with these values changed. */
  readonly href: (changes: AddressChanges) => string;
  /** Goes there: several values at once are one step. It replaces the entry in the history, but where `push`. */
  readonly go: (changes: AddressChanges, options?: { readonly push?: boolean }) => void;
}

/** Several values of the address's query at once; for one, `useParam` is enough. */
export function useAddress(): Address {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const href = useCallback((changes: AddressChanges) => addressWith(path, search, changes), [path, search]);
  const go = useCallback(
    (changes: AddressChanges, { push = false }: { readonly push?: boolean } = {}) =>
      navigate(href(changes), { replace: !push }),
    [href, navigate],
  );
  return { href, go };
}
