import fc from "fast-check";
import { expect, test } from "vitest";
import { gatherFragments, releaseNotes, withRelease } from "./changelog.ts";

const intro = "# Changelog\n\nWhat a user notices, newest first.\n";
const fragments = [
  { name: "fixed-b.md", text: "B is right\n" },
  { name: "security-d.md", text: "D is kept\n" },
  { name: "added-c.md", text: "C is there.\nIt has two lines\n" },
  { name: "fixed-a.md", text: "A is right\n" },
];

test("fragments are gathered by kind, and by name within a kind", () => {
  expect(gatherFragments(fragments)).toBe(
    "### Added\n\n- C is there.\n  It has two lines\n\n### Fixed\n\n- A is right\n- B is right\n\n### Security\n\n- D is kept\n",
  );
});

test.each([
  ["improved-a.md", "A", "changelog/improved-a.md does not say what kind of change it is"],
  ["added.md", "A", "changelog/added.md does not say what kind of change it is"],
  ["added-a.txt", "A", "changelog/added-a.txt does not say what kind of change it is"],
  ["added-a.md", " \n", "changelog/added-a.md is empty"],
])("%s with %j is refused", (name, text, message) => {
  expect(() => gatherFragments([{ name, text }])).toThrow(message);
});

test("a release stands on top of those before it, which stay as they are", () => {
  const first = withRelease(intro, "0.1.0", "2026-01-01", gatherFragments(fragments.slice(0, 1)));
  const second = withRelease(first, "0.2.0", "2026-02-01", gatherFragments(fragments.slice(1, 2)));
  expect(second).toBe(
    `${intro}\n## 0.2.0 - 2026-02-01\n\n### Security\n\n- D is kept\n\n## 0.1.0 - 2026-01-01\n\n### Fixed\n\n- B is right\n`,
  );
  expect(releaseNotes(second, "0.2.0")).toBe("### Security\n\n- D is kept\n");
  expect(releaseNotes(second, "0.1")).toBeUndefined();
  expect(() => withRelease(second, "0.1.0", "2026-03-01", "")).toThrow("CHANGELOG.md has 0.1.0 already");
});

test("whatever is gathered for a release is what its notes say", () => {
  const line = fc.stringMatching(/^[a-z`"*#<>.-]{1,20}$/);
  const files = fc.array(fc.tuple(fc.constantFrom("added", "fixed", "removed"), line), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(files, files, (older, newer) => {
      const gathered = [older, newer].map((each) =>
        gatherFragments(each.map(([kind, text], index) => ({ name: `${kind}-${index}.md`, text }))),
      );
      const [first = "", second = ""] = gathered;
      const changelog = withRelease(withRelease(intro, "1.0.0", "2026-01-01", first), "1.0.1", "2026-01-02", second);
      expect([releaseNotes(changelog, "1.0.0"), releaseNotes(changelog, "1.0.1")]).toEqual(gathered);
    }),
  );
});
