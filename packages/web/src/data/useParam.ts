import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

/**
 * One value of the address's query: what is shown is in the address, so that a link shows the same to somebody else. The
 * value that stands where nothing does is left out of it. Each change replaces the entry in the history, but where `push`.
 */
export function useParam(name: string, usual = "", { push = false } = {}): readonly [string, (value: string) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? usual;
  const choose = useCallback(
    (next: string) => {
      const params = new URLSearchParams(search);
      if (next === usual) params.delete(name);
      else params.set(name, next);
      const query = params.toString();
      navigate(query === "" ? path : `${path}?${query}`, { replace: !push });
    },
    [search, path, name, usual, push, navigate],
  );
  return [value, choose];
}
