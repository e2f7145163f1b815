import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { addressParts, tabNames } from "./deepLinks.ts";
import { goTo, settled } from "./looks.ts";
import { createWebRig } from "./rig.ts";
import { failingLine, makeRepository, repositoryFiles, sampleFiles } from "./sampleRuns.ts";

/** Works until there is a file `go`, within a budget; and one with more instances than a graph shows by themselves. */
const files = {
  ...sampleFiles,
  ...repositoryFiles,
  "bounded.json": JSON.stringify({
    name: "bounded",
    budget: { cost_usd: 5 },
    instances: [{ name: "sweep", agent: "command", run: "until [ -e go ]; do sleep 0.1; done" }],
  }),
  "wide.json": JSON.stringify({
    name: "wide",
    concurrency: 16,
    instances: [
      { name: "shard", agent: "command", run: ["true"], matrix: { part: Array.from({ length: 61 }, (_, at) => at) } },
    ],
  }),
};

interface Runs {
  readonly review: string;
  readonly release: string;
  readonly patch: string;
  readonly bounded: string;
  readonly wide: string;
}

/** A screen that asks nobody for anything. */
const nowhere = "/nowhere";

/** By what the page reads from its address: where that is not given, and where it is. */
function linksOf({ review, release, patch, bounded, wide }: Runs): Readonly<Record<string, readonly [string, string]>> {
  const run = (id: string, tab: string, more = ""): string => `/runs/${id}?tab=${tab}${more}`;
  const both = (base: string, more: string): readonly [string, string] => [
    base,
    `${base}${base.includes("?") ? "&" : "?"}${more}`,
  ];
  return {
    "compare: a": both(`/compare?b=${release}`, `a=${review}`),
    "compare: b": both(`/compare?a=${release}`, `b=${review}`),
    "costs: as": both("/costs", "as=table"),
    "costs: by": both("/costs", "by=agent"),
    "costs: demo": both("/costs", "demo=yes"),
    "costs: since": both("/costs", "since=7d"),
    "costs: until": both("/costs?since=2020-01-01", "until=2020-01-31"),
    "inbox: away": both("/inbox", "away=yes"),
    "runs: since": both("/runs", "since=24h"),
    "runs: status": both("/runs", "status=failed"),
    "runs: text": both("/runs", "text=week"),
    "runs: until": both("/runs", "until=2020-01-31"),
    "run: attempt": both(run(release, "log", "&instance=tests"), "attempt=1"),
    "run: do": both(`/runs/${bounded}`, "do=stop"),
    "run: instance": both(run(release, "log"), "instance=build"),
    "run: tab": both(`/runs/${release}`, "tab=cost"),
    "run/changes: file": both(run(patch, "changes", "&instance=ledger"), "file=src%2Fledger.js"),
    "run/changes: instance": both(run(patch, "changes"), "instance=ledger"),
    "run/changes: space": both(run(patch, "changes", "&instance=ledger"), "space=ignore"),
    "run/changes: view": both(run(patch, "changes", "&instance=ledger"), "view=split"),
    "run/cost: as": both(run(review, "cost"), "as=table"),
    "run/cost: by": both(run(review, "cost"), "by=model"),
    "run/events: by": both(run(release, "events"), "by=groups"),
    "run/events: event": both(run(release, "events"), "event=3"),
    "run/events: of": both(run(release, "events"), "of=build"),
    "run/events: text": both(run(release, "events"), "text=settled"),
    "run/events: type": both(run(release, "events"), "type=run-created"),
    "run/graph: as": both(run(release, "graph"), "as=list"),
    "run/graph: instance": both(run(release, "graph"), "instance=build"),
    "run/graph: open": both(run(wide, "graph"), "open=shard"),
    "run/log: find": both(run(release, "log", "&instance=tests"), "find=expected"),
    "run/log: line": both(run(release, "log", "&instance=tests"), `line=${failingLine}`),
    "run/log: regex": both(run(release, "log", "&instance=tests&find=exp.cted"), "regex=true"),
    "run/log: stream": both(run(release, "log", "&instance=lint"), "stream=stderr"),
    "run/overview: set-budget": both(`/runs/${bounded}`, "set-budget=run+cost_usd"),
    "run/overview: stop": both(`/runs/${bounded}`, "stop=sweep"),
    "run/timeline: as": both(run(release, "timeline"), "as=table"),
    "run/timeline: from": [run(release, "timeline"), run(release, "timeline", "&from=10&to=200")],
    "run/timeline: instance": both(run(release, "timeline"), "instance=build"),
    "run/timeline: to": [run(release, "timeline", "&from=10"), run(release, "timeline", "&from=10&to=200")],
    "run/transcript: line": both(run(review, "transcript", "&instance=survey"), "line=4"),
    "schedules: form": both("/schedules", "form=new"),
  };
}

await describeInBrowser("an address", (browser) => {
  // A hundred pages are loaded, one after the other in two windows.
  const patience = { timeout: 600_000 };

  test(
    "has in it whatever was chosen: from a fresh page, each filter and tab shows the same again",
    patience,
    async () => {
      await using web = await createWebRig(browser, { files });
      makeRepository(web);
      const [review, release] = [await web.run("review.json"), await web.run("release.json")];
      const [patch, wide] = [await web.run("patch.json"), await web.run("wide.json")];
      await web.rig.command(["retry", release]);
      const links = linksOf({ review, release, patch, wide, bounded: await web.detach("bounded.json") });
      expect(Object.keys(links).toSorted()).toEqual(addressParts());
      const tabs = tabNames();
      expect(tabs.length).toBeGreaterThan(7);
      const all = [...Object.entries(links), ...tabs.map((tab) => [`tab ${tab}`, linkOfTab(review, tab)] as const)];

      const page = await web.open("/inbox");
      await page.getByRole("button", { name: "Put away" }).first().click();
      await page.getByText("Put away in this browser (1)").waitFor();
      const other = await page.context().newPage();
      await other.goto(web.address(nowhere));
      const left = all.values();
      const bases = new Map<string, string>();
      const wrong: string[] = [];
      const goThrough = async (window: Page): Promise<void> => {
        for (const [name, [base, link]] of left) {
          if (!bases.has(base)) bases.set(base, await reached(window, base));
          const there = await reached(window, link);
          if (there === bases.get(base)) wrong.push(`${name}: it shows nothing else than what is shown without it`);
          await window.goto(web.address(link));
          await settled(window);
          const fresh = await window.evaluate(shownAtLast, there);
          if (fresh !== there) wrong.push(`${name}: reached: ${there} fresh: ${fresh}`);
        }
      };
      await Promise.all([page, other].map(goThrough));
      expect(wrong).toEqual([]);
    },
  );
});

function linkOfTab(run: string, tab: string): readonly [string, string] {
  return [`/runs/${run}?tab=${tab === "cost" ? "events" : "cost"}`, `/runs/${run}?tab=${tab}`];
}

/** What is shown at an address that is come to by a link, and not from a screen that it is a part of. */
async function reached(page: Page, path: string): Promise<string> {
  await goTo(page, nowhere);
  await goTo(page, path);
  return page.evaluate(shownAtLast, "");
}

/**
 * What is shown once it is what is wanted, or changes no more: words, values and what is chosen; not how long ago it was or will be. In the
 * browser.
 */
async function shownAtLast(wanted: string): Promise<string> {
  const shown = (): string => {
    const inside = [...document.querySelectorAll<HTMLElement>("main, dialog")];
    const all = (what: string): readonly HTMLElement[] => {
      return inside.flatMap((each) => [...each.querySelectorAll<HTMLElement>(what)]);
    };
    const textOf = (what: string): readonly string[] => all(what).map(({ textContent }) => textContent.slice(0, 40));
    const values = all("input:not([type=checkbox], [type=radio]), select, textarea") as readonly HTMLInputElement[];
    return [
      ...inside.map(({ innerText }) => innerText),
      ...values.map(({ value }) => value),
      ...textOf("label:has(:checked), details[open] > summary"),
      ...textOf("[data-marked], [aria-current=true], [aria-selected=true], [aria-pressed=true]"),
      ...all("[aria-activedescendant]").map((each) => each.getAttribute("aria-activedescendant") ?? ""),
    ]
      .join(" | ")
      .replaceAll(/\b(just now|now|\d+ (second|minute|hour)s? ago|in \d+ (second|minute|hour)s?)\b/g, "then")
      .replaceAll(/\b(\d+m)?\d+(\.\d+)?m?s\b/g, "so long")
      .replaceAll(/\s+/g, " ");
  };
  let before = shown();
  for (let [time, same] = [0, 0]; time < 200 && same < 3 && before !== wanted; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = shown();
    // Of what is wanted one knows that it comes: it is waited for as long as it takes.
    same = now === before && wanted === "" ? same + 1 : 0;
    before = now;
  }
  return before;
}
