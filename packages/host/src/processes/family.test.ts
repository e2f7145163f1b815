import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProcessRow } from "../platform/platform.ts";
import { findFamily, indexListing, rowKey, type Family } from "./family.ts";
import type { PidNamespace } from "./pidNamespace.ts";

const root = { pid: 100, startTime: "50", bootId: "b" };
const ourselves = 7;

function row(pid: number, more: Partial<ProcessRow> = {}): ProcessRow {
  return { pid, parent: 1, group: pid, session: pid, startTime: "60", zombie: false, markers: [], ...more };
}

function family(rows: readonly ProcessRow[], known: readonly string[] = [], rootWatched = true): readonly number[] {
  const asked: Family = { root, rootWatched, marker: "M=1", known: new Set(known) };
  const index = indexListing({ rows, incomplete: false }, ourselves);
  return findFamily(index, asked)
    .map(({ pid }) => pid)
    .toSorted((a, b) => a - b);
}

describe("a process belongs to an attempt", () => {
  test("by its marker, its session, its group, or a parent of which that is true", () => {
    const rows = [
      row(201, { markers: ["M=1"] }),
      row(202, { session: 100 }),
      row(203, { group: 100 }),
      row(204, { parent: 100 }),
      row(205, { parent: 201 }),
      row(206, { parent: 205, startTime: "61" }),
      row(207, { markers: ["M=2"] }),
      row(208),
    ];
    expect(family(rows)).toEqual([201, 202, 203, 204, 205, 206]);
  });

  test("when it was seen below the root before, as the same process and not another of its number", () => {
    expect(family([row(201)], [rowKey(row(201))])).toEqual([201]);
    expect(family([row(201, { startTime: "70" })], [rowKey(row(201))])).toEqual([]);
  });

  test("by descent through a process that is dead already but still named", () => {
    expect(family([row(201, { zombie: true, parent: 100 }), row(202, { parent: 201 })])).toEqual([202]);
  });
});

/** Those of a family with a namespace of this name, as the table would show it. */
function ofNamespace(id: string | undefined): readonly number[] {
  const namespace: PidNamespace = {
    id,
    keepers: new Set([301]),
    enter: () => [],
    signal: () => undefined,
    wake: () => undefined,
    end: async () => undefined,
    endNow: () => undefined,
  };
  const rows = [
    row(301, { namespace: "pid:[1]" }),
    row(302, { namespace: "pid:[1]" }),
    row(303, { namespace: "pid:[2]" }),
  ];
  const asked: Family = { root, rootWatched: true, marker: "M=1", known: new Set(), namespace };
  return findFamily(indexListing({ rows, incomplete: false }, ourselves), asked).map(({ pid }) => pid);
}

describe("a process does not belong to an attempt", () => {
  test("by the name of a namespace that has ended: the next one, of another attempt, bears it", () => {
    expect(ofNamespace("pid:[1]")).toEqual([302]);
    expect(ofNamespace(undefined)).toEqual([]);
  });

  test("when it is older than the root, or than the parent it is said to have", () => {
    expect(family([row(201, { markers: ["M=1"], startTime: "49" })])).toEqual([]);
    expect(
      family([row(201, { markers: ["M=1"], startTime: "80" }), row(202, { parent: 201, startTime: "70" })]),
    ).toEqual([201]);
  });

  test("by session or parent once the root's number is another process's", () => {
    const other = row(100, { startTime: "90" });
    expect(family([other, row(201, { session: 100, parent: 100, startTime: "95" })])).toEqual([]);
  });

  test("by session, group or parent where its root ended unseen, or was never known", () => {
    const rows = [row(201, { session: 100, group: 100, parent: 100 }), row(202, { markers: ["M=1"] })];
    expect(family(rows, [], false)).toEqual([202]);
    const nobody: Family = {
      root: { pid: 0, startTime: "0", bootId: "b" },
      rootWatched: false,
      marker: "M=1",
      known: new Set(),
    };
    const kernel = row(2, { parent: 0, group: 0, session: 0 });
    const index = indexListing({ rows: [kernel, ...rows], incomplete: false }, ourselves);
    expect(findFamily(index, nobody).map(({ pid }) => pid)).toEqual([202]);
  });

  test("when we descend from it: whoever continues a run may have been started by its own agent", () => {
    const rows = [
      row(201, { markers: ["M=1"] }),
      row(202, { markers: ["M=1"], parent: 201 }),
      row(ourselves, { markers: ["M=1"], parent: 202 }),
      row(203, { markers: ["M=1"], parent: 201 }),
    ];
    expect(family(rows)).toEqual([203]);
  });

  test("when it is ourselves, process 1, or the root", () => {
    const rows = [
      row(1, { session: 100 }),
      row(ourselves, { session: 100 }),
      row(100, { startTime: "50", session: 100 }),
    ];
    expect(family(rows)).toEqual([]);
  });
});

test("whatever the table says, no family has ourselves, anyone older than its root, or a process without any evidence", () => {
  const anyRow = fc.record({
    pid: fc.integer({ min: 1, max: 12 }).map((n) => (n > 8 ? 90 + n : n)),
    parent: fc.integer({ min: 0, max: 12 }),
    group: fc.constantFrom(0, 5, 100),
    session: fc.constantFrom(0, 5, 100),
    startTime: fc.integer({ min: 40, max: 60 }).map(String),
    zombie: fc.boolean(),
    markers: fc.constantFrom<readonly string[]>([], ["M=1"], ["M=2"]),
  });
  fc.assert(
    fc.property(fc.uniqueArray(anyRow, { selector: ({ pid }) => pid }), (rows) => {
      const found = new Set(family(rows));
      expect(found.has(ourselves)).toBe(false);
      for (const one of rows.filter(({ pid }) => found.has(pid))) {
        expect(Number(one.startTime)).toBeGreaterThanOrEqual(50);
        const evidence = one.markers.includes("M=1") || one.session === 100 || one.group === 100 || one.parent === 100;
        const byParent = rows.some(({ pid }) => pid === one.parent);
        expect(evidence || byParent).toBe(true);
      }
    }),
  );
});
