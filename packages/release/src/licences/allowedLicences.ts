import { UserError } from "@claude-orchestrator/domain";
import type { Component } from "../sbom/component.ts";

/** Licences that ask for no more than to be named and to have their text go along. */
const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
  "Unicode-3.0",
  "Unlicense",
  "Zlib",
  "ZPL-2.1",
  // SQLite's: in the public domain.
  "blessing",
]);

/**
 * Of the libraries that a compiler adds to the launcher of an executable. The LGPL asks that anybody can link it with another version of the
 * library: its sources and the words that build it are published with the release.
 */
const allowedInLauncher = new Set(["GPL-3.0-or-later WITH GCC-exception-3.1", "LGPL-2.1-or-later"]);

/**
 * Whether what is under this licence may be inside. Of `A OR B` one is enough, of `A AND B` all are needed; what cannot be read is not
 * allowed.
 *
 * @param expression of SPDX
 */
export function isAllowedLicence(expression: string): boolean {
  // A licence and its exception are one word.
  const words = expression.match(/[()]|[^\s()]+(?: WITH [^\s()]+)?/g) ?? [];
  const { answer, rest } = anyOf(words);
  return answer && rest.length === 0;
}

function isAllowed({ licence, places }: Component): boolean {
  return isAllowedLicence(licence) || (places.includes("launcher") && allowedInLauncher.has(licence));
}

/** @throws UserError that names each component under a licence that nobody has allowed */
export function checkLicences(components: readonly Component[]): void {
  const refused = components.flatMap((each) => [each, ...each.parts]).filter((each) => !isAllowed(each));
  if (refused.length === 0) return;
  const list = refused.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(", ");
  throw new UserError("usage", `The licence of what would be shipped is not allowed: ${list}`, {
    hint: "do without it, or allow its licence in packages/release/src/licences/allowedLicences.ts, with the reason in decision 28",
  });
}

interface Read {
  readonly answer: boolean;
  /** What is still to be read. */
  readonly rest: readonly string[];
}

function anyOf(words: readonly string[]): Read {
  const first = allOf(words);
  if (first.rest[0] !== "OR") return first;
  const others = anyOf(first.rest.slice(1));
  return { answer: first.answer || others.answer, rest: others.rest };
}

function allOf(words: readonly string[]): Read {
  const first = one(words);
  if (first.rest[0] !== "AND") return first;
  const others = allOf(first.rest.slice(1));
  return { answer: first.answer && others.answer, rest: others.rest };
}

/** Stands for what cannot be read, and is therefore never read to the end. */
const unreadable: Read = { answer: false, rest: ["?"] };

function one([word = "", ...rest]: readonly string[]): Read {
  if (["", "AND", "OR", ")"].includes(word)) return unreadable;
  if (word !== "(") return { answer: allowed.has(word), rest };
  const inside = anyOf(rest);
  return inside.rest[0] === ")" ? { answer: inside.answer, rest: inside.rest.slice(1) } : unreadable;
}
