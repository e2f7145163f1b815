import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AccessBook } from "./accessBook.ts";

let folder: string;
let now: number;
let book: AccessBook;
const day = 86_400_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "access "));
  now = Date.UTC(2026, 10, 25);
  book = new AccessBook(folder, () => now);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** All that is on disk, names and contents. */
function everything(): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) =>
      entry.isFile() ? `${entry.name} ${readFileSync(join(entry.parentPath, entry.name), "utf8")}` : entry.name,
    )
    .join("\n");
}

test("a link signs in once, for ten minutes, also where another program made it", () => {
  const code = new AccessBook(folder, () => now).createCode();
  const session = book.signInByCode(code);
  expect([typeof session, book.signInByCode(code)]).toEqual(["string", undefined]);
  const late = book.createCode();
  now += 10 * 60_000;
  expect(book.signInByCode(late)).toBeUndefined();
});

test("a session ends when it is signed out, and after seven days", () => {
  const [one = "", other = ""] = [book.signInByCode(book.createCode()), book.signInByCode(book.createCode())];
  const principal = book.bySession(one);
  book.signOut(one);
  expect([principal?.isGood(), book.bySession(one), book.bySession(other)?.isGood()]).toEqual([false, undefined, true]);
  now += 7 * day;
  expect(book.bySession(other)).toBeUndefined();
});

describe("a token", () => {
  test("may what it was made for, until it expires or is revoked", () => {
    const reader = book.createToken({ name: "reader", lastsMs: day, canChange: false });
    const writer = book.createToken({ name: "writer", lastsMs: 2 * day, canChange: true });
    expect(book.byToken(reader)?.permissions.has("run:control")).toBe(false);
    expect(book.byToken(writer)?.permissions.has("run:control")).toBe(true);
    expect([book.signInByToken(reader), typeof book.signInByToken(writer)]).toEqual([undefined, "string"]);
    now += day;
    expect([book.byToken(reader), book.byToken(writer)?.actor.name]).toEqual([undefined, "writer"]);
    expect([book.revokeToken("writer"), book.revokeToken("writer"), book.byToken(writer)]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  test("that is mistyped is told from one that was never made without a look at any file", () => {
    const token = book.createToken({ name: "a", lastsMs: day, canChange: true });
    expect(token).toMatch(/^cot_[\w-]{43}_[0-9a-f]{6}$/);
    for (const wrong of ["", "cot_", `${token}0`, token.toUpperCase(), `${token.slice(0, 8)}X${token.slice(9)}`]) {
      expect(book.byToken(wrong)).toBeUndefined();
    }
  });
});

test("nothing that opens anything is on disk", () => {
  const code = book.createCode();
  const session = book.signInByCode(book.createCode()) ?? "";
  const token = book.createToken({ name: "a", lastsMs: day, canChange: true });
  const kept = everything();
  expect([code, session, token, token.slice(4, 47)].filter((secret) => kept.includes(secret))).toEqual([]);
});
