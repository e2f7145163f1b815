import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyDraft } from "../newRun/draft.ts";
import type { ScheduleDocument } from "./scheduleDocument.ts";
import {
  draftOf,
  freshDraft,
  isScheduleDraft,
  isZone,
  rhythms,
  scheduleCommandOf,
  scheduleWishOf,
} from "./scheduleDraft.ts";

const base = freshDraft("Europe/Berlin", { ...emptyDraft, source: "file", file: " nightly.yaml " });

function documentOf(flags: readonly string[]): ScheduleDocument {
  const common = { id: "sch_1", name: "nightly", cron: "@daily", zone: "UTC", file: "/app/nightly.yaml" };
  return { ...common, flags, missed: "all", overlap: "queue" } as unknown as ScheduleDocument;
}

describe("a schedule that is being written", () => {
  it("asks with its file, its pattern and its zone, and with the flags of `run` that were filled in", () => {
    const run = { ...base.run, budgetUsd: "2.5", variables: "branch=main" };
    expect(scheduleWishOf({ ...base, run, name: " at night " }, false)).toEqual({
      file: "nightly.yaml",
      cron: "0 2 * * *",
      tz: "Europe/Berlin",
      name: "at night",
      missed: "once",
      overlap: "skip",
      run_flags: ["--budget-usd=2.5", "--var=branch=main"],
      replace: false,
    });
    expect(scheduleWishOf(freshDraft("UTC", { ...emptyDraft, text: "name: a" }), false)).toMatchObject({
      text: "name: a",
    });
  });

  it("says the same for a terminal", () => {
    const run = { ...base.run, concurrency: "3" };
    expect(scheduleCommandOf({ ...base, run, overlap: "queue", others: ["--model", "haiku"] }, true)).toBe(
      "claude-orchestrator schedule add nightly.yaml --cron '0 2 * * *' --tz Europe/Berlin --overlap queue --replace -- --concurrency=3 --model haiku",
    );
  });

  it("begins with what an earlier schedule is, and keeps the flags it has no field for", () => {
    const flags = ["--budget-usd", "2", "--model", "haiku", "--var=a=b=c", "--trust-workspace", "--var", "d=e"];
    const draft = draftOf(documentOf(flags));
    expect(draft).toMatchObject({ name: "nightly", cron: "@daily", missed: "all", overlap: "queue" });
    expect(draft.run).toMatchObject({ source: "file", file: "/app/nightly.yaml", budgetUsd: "2" });
    expect(scheduleWishOf(draft, true).run_flags).toEqual([
      "--budget-usd=2",
      "--var=a=b=c",
      "--var=d=e",
      "--model",
      "haiku",
      "--trust-workspace",
    ]);
  });

  it("asks with the same flags when it is read again, whatever they are", () => {
    const word = fc.constantFrom(
      "--budget-usd",
      "--budget-usd=3",
      "2",
      "--var",
      "a=b",
      "--var=c=d",
      "--x",
      "-y",
      "=",
      "",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (flags) => {
        const once = scheduleWishOf(draftOf(documentOf(flags)), true).run_flags ?? [];
        expect(scheduleWishOf(draftOf(documentOf(once)), true).run_flags).toEqual(once);
      }),
    );
  });

  it("is taken up again only where it is one", () => {
    expect(isScheduleDraft(JSON.parse(JSON.stringify(base)))).toBe(true);
    fc.assert(fc.property(fc.jsonValue(), (value) => !isScheduleDraft(value)));
  });

  it("offers patterns that differ, and knows zones", () => {
    expect(new Set(rhythms.map(([cron]) => cron)).size).toBe(rhythms.length);
    expect([isZone("Asia/Tokyo"), isZone("UTC"), isZone("Europe/Berln"), isZone("")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
