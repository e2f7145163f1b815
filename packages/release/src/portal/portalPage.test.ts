import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Artifact } from "../artifact.ts";
import { html } from "./html.ts";
import { portalPage } from "./portalPage.ts";
import type { PortalFacts } from "./portalPage.ts";

const sha256 = "ab".repeat(32);

function file(path: string, kind: Artifact["kind"], platform?: Artifact["platform"]): Artifact {
  return { path, size: 31_400_000, sha256, kind, ...(platform === undefined ? {} : { platform }) };
}

const facts: PortalFacts = {
  version: "1.2.3",
  commit: "c".repeat(40),
  sourceDateEpoch: 1_700_000_000,
  artifacts: [
    file("o-1.2.3-linux-x64", "executable", "linux-x64"),
    file("o-1.2.3.tgz", "npm"),
    file("o.cdx.json", "sbom"),
  ],
  keys: ["RWTypBGYIoMoFFUpjS++zGIAOz6suqHSZzw+KJkplkqxsuQcTa2aagI7"],
  changes: [{ kind: "Added", entries: ["`run --x` does [this](docs/x.md)"] }],
  weaknesses: [{ name: "CVE-2026-1", status: "not affected", why: "component not present" }],
  style: "body { margin: 0 }",
};

test("every file is offered with its hash, its way to be installed, and what is known of it", () => {
  const page = portalPage(facts);
  expect(page).toContain("<h3>Linux on x64</h3>");
  expect(page).toContain("<pre>chmod +x o-1.2.3-linux-x64\n./o-1.2.3-linux-x64 --version</pre>");
  expect(page).toContain("<pre>npm install -g ./o-1.2.3.tgz</pre>");
  expect(page).toContain('<li><a href="./o.cdx.json">o.cdx.json</a></li>');
  expect(page).toContain("<strong>CVE-2026-1</strong>: not affected");
  expect(page).toContain("<li><code>run --x</code> does this</li>");
  expect(page.split(sha256)).toHaveLength(facts.artifacts.length + 1);
  expect(portalPage(facts)).toBe(page);
});

test("a release without a VEX file does not say that there are no weaknesses", () => {
  expect(portalPage({ ...facts, weaknesses: undefined })).toContain("This release says nothing of them");
  expect(portalPage({ ...facts, weaknesses: [] })).toContain("None in any part of it");
});

test("what to type to verify it has the key itself; a release that no key can sign says so, and names none", () => {
  const [key = ""] = facts.keys;
  expect(portalPage(facts)).toContain(`<pre>\nminisign -V -P ${key} -m SHA256SUMS\nsha256sum`);
  const two = portalPage({ ...facts, keys: [key, "RWother"] });
  expect(two.match(/minisign -V -P \S+ -m SHA256SUMS/g)).toHaveLength(2);
  expect(two).toContain("Either of the public keys below");
  const none = portalPage({ ...facts, keys: [] });
  expect(none).toContain("This program knows no key of a release");
  expect(none).not.toMatch(/minisign -V|RW…/);
});

test("the policy of the page lets its own style and script in, and nothing else", () => {
  const page = portalPage(facts);
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
  const hash = (text: string): string => createHash("sha256").update(text).digest("base64").replaceAll("'", "");
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy.replaceAll("&#39;", "'")).toBe(
    `default-src 'none'; style-src 'sha256-${hash(style)}'; script-src 'sha256-${hash(script)}'; base-uri 'none'; form-action 'none'`,
  );
  expect(page).not.toMatch(/(?:src|href)="(?:https?:|\/\/|\/)/);
});

test("whatever stands in a name, a change or a weakness, it is text on the page", () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '"><script>alert(1)</script>',
      "javascript:alert(1)",
      "</style><img src=x onerror=alert(1)>",
      "'`&lt;",
    ),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const page = portalPage({
        ...facts,
        version: text,
        commit: text,
        artifacts: [file(text, "npm"), file(text, "executable", "win-x64"), file(text, "sbom")],
        changes: [{ kind: text, entries: [text] }],
        weaknesses: [{ name: text, status: text, why: text }],
      });
      const tags = page.match(/<\/?[a-z!][^>]*>/gi) ?? [];
      expect(tags.filter((tag) => /^<(?:script|img|style)/i.test(tag))).toEqual(["<style>", "<script>"]);
      expect(tags.join("")).not.toMatch(/ on\w+=|href="javascript:/i);
    }),
  );
});

test("values are escaped in text and in attributes", () => {
  expect(html`<a title="${`"'<&>`}">${"<b>"}</a>`.text).toBe('<a title="&#34;&#39;&#60;&#38;&#62;">&#60;b&#62;</a>');
});
