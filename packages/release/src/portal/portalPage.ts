import { createHash } from "node:crypto";
import type { Artifact, Platform } from "../artifact.ts";
import { html, verbatim } from "./html.ts";
import type { Markup } from "./html.ts";
import { portalScript } from "./portalScript.ts";
import type { Changes } from "./readChanges.ts";
import type { Weakness } from "./readWeaknesses.ts";
import { installable, platformNames, wayToInstall } from "./waysToInstall.ts";

/** Everything the page says. */
export interface PortalFacts {
  readonly version: string;
  readonly commit: string;
  /** Seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** In the folder the page is in. */
  readonly artifacts: readonly Artifact[];
  /** Public keys of minisign, one of which signs this release; none where only the test key can. */
  readonly keys: readonly string[];
  readonly changes: readonly Changes[];
  /** Undefined: the release has no VEX file, so nobody has said anything. */
  readonly weaknesses: readonly Weakness[] | undefined;
  readonly style: string;
}

/** The whole page in one file, which asks nobody for anything: the same facts give the same bytes. */
export function portalPage(facts: PortalFacts): string {
  const { version, commit, sourceDateEpoch, style } = facts;
  const date = new Date(sourceDateEpoch * 1000).toISOString().slice(0, 10);
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(portalScript)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>claude-orchestrator ${version}: downloads</title>
        ${verbatim("style", style)}
      </head>
      <body>
        <header>
          <h1>claude-orchestrator ${version}</h1>
          <p class="quiet">Released ${date} from commit <code>${commit}</code></p>
          <nav aria-label="On this page">
            <ul>
              ${sections(facts).map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li> `)}
            </ul>
          </nav>
        </header>
        <main>
          ${sections(facts).map(
            ({ id, title, body }) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${title}</h2>
                ${body}
              </section> `,
          )}
        </main>
        ${verbatim("script", portalScript)}
      </body>
    </html> `.text;
}

/** As a content security policy names what it lets in. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

function sections({ artifacts, changes, weaknesses, keys }: PortalFacts): readonly Section[] {
  const toInstall = artifacts.filter(({ kind }) => installable[kind] !== undefined);
  const anywhere = toInstall.filter(({ platform }) => platform === undefined);
  const sboms = artifacts.filter(({ kind, path }) => kind === "sbom" && !isVex({ path }));
  const all: readonly Section[] = [
    { id: "downloads", title: "By platform", body: platformCards(toInstall) },
    { id: "anywhere", title: "For every platform", body: cards(anywhere) },
    { id: "verify", title: "Verify before you install", body: verifying(keys) },
    { id: "inside", title: "What is inside", body: inside(sboms) },
    { id: "weaknesses", title: "Known weaknesses", body: weaknessList(weaknesses) },
    { id: "changes", title: "What is new", body: changeList(changes) },
    { id: "files", title: "All files", body: fileList(artifacts) },
  ];
  const isEmpty: Readonly<Record<string, boolean>> = {
    downloads: toInstall.length === anywhere.length,
    anywhere: anywhere.length === 0,
    inside: sboms.length === 0,
    changes: changes.length === 0,
  };
  return all.filter(({ id }) => isEmpty[id] !== true);
}

export function isVex({ path }: Pick<Artifact, "path">): boolean {
  return path.endsWith(".vex.json");
}

function platformCards(artifacts: readonly Artifact[]): Markup {
  const names = Object.entries(platformNames) as readonly (readonly [Platform, string])[];
  const filled = names
    .map(([platform, name]) => ({ platform, name, files: artifacts.filter((each) => each.platform === platform) }))
    .filter(({ files }) => files.length > 0);
  return html`<ul class="cards" id="platforms">
    ${filled.map(
      ({ platform, name, files }) =>
        html`<li class="card" data-platform="${platform}">
          <h3>${name}</h3>
          <p class="mark" hidden>This looks like your machine</p>
          ${files.map(offer)}
        </li> `,
    )}
  </ul>`;
}

function cards(artifacts: readonly Artifact[]): Markup {
  return html`<ul class="cards">
    ${artifacts.map((artifact) => html`<li class="card">${offer(artifact)}</li> `)}
  </ul>`;
}

function offer(artifact: Artifact): Markup {
  const words = wayToInstall(artifact);
  const typed = words.length === 0 ? html`` : html`<pre>${words.join("\n")}</pre> `;
  return html`<p>${installable[artifact.kind] ?? ""}, ${megabytes(artifact.size)}<br />${link(artifact)}</p>
    ${typed}`;
}

function verifying(keys: readonly string[]): Markup {
  return html`<p>
      Every file stands in <a href="SHA256SUMS">SHA256SUMS</a>, which is signed (<a href="SHA256SUMS.minisig"
        >for minisign</a
      >, <a href="SHA256SUMS.sig">for signify</a>). ${whoseKeys(keys)} None of it needs a network once the files are
      there.
    </p>
    <pre>
${keys.map((key) => `minisign -V -P ${key} -m SHA256SUMS\n`).join("")}sha256sum --check --ignore-missing SHA256SUMS</pre>
    <p>
      With the program of an earlier release, all of it at once: the signature, every hash, and that nothing is missing
      or was added.
    </p>
    <pre>claude-orchestrator verify .</pre>`;
}

function whoseKeys(keys: readonly string[]): string {
  if (keys.length === 0) {
    return "This program knows no key of a release: what lies here is signed with the test key, whose secret half anybody can make. It is for a try, and for nobody's machine.";
  }
  const which =
    keys.length === 1 ? "The public key is the one below" : "Either of the public keys below may have signed it";
  return `${which}: compare it with a second place you trust, such as docs/guide/release-keys.md of the source, not with where this page is.`;
}

function inside(sboms: readonly Artifact[]): Markup {
  return html`<p>Every part with its version and licence, made from what was really packed (CycloneDX and SPDX).</p>
    <ul class="files">
      ${sboms.map((artifact) => html`<li>${link(artifact)}</li> `)}
    </ul>`;
}

function weaknessList(weaknesses: readonly Weakness[] | undefined): Markup {
  if (weaknesses === undefined) return html`<p>This release says nothing of them: it has no VEX file.</p>`;
  if (weaknesses.length === 0) return html`<p>None in any part of it when this release was made.</p>`;
  return html`<ul class="files">
    ${weaknesses.map(({ name, status, why }) => html`<li><strong>${name}</strong>: ${status}<br /><span class="quiet">${why}</span></li> `)}
  </ul>`;
}

function changeList(changes: readonly Changes[]): Markup {
  return html`${changes.map(
    ({ kind, entries }) =>
      html`<h3>${kind}</h3>
        <ul>
          ${entries.map((entry) => html`<li>${withCode(entry)}</li> `)}
        </ul> `,
  )}`;
}

/** Of Markdown only what fragments use: words in backquotes; of a link its words, since it would lead nowhere from here. */
function withCode(text: string): Markup {
  const plain = text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("**", "");
  const parts = plain.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
  return html`${parts}`;
}

function fileList(artifacts: readonly Artifact[]): Markup {
  return html`<p>With their SHA-256; the same in <a href="manifest.json">manifest.json</a>.</p>
    <ul class="files">
      ${artifacts.map((artifact) => html`<li>${link(artifact)} <span class="quiet">${megabytes(artifact.size)}</span><code class="hash">${artifact.sha256}</code></li> `)}
    </ul>`;
}

/** Beside the page, whatever stands in its name. */
function link({ path }: Artifact): Markup {
  const address = path.split("/").map(encodeURIComponent).join("/");
  return html`<a href="./${address}">${path}</a>`;
}

function megabytes(size: number): string {
  return size < 1e5 ? `${Math.max(1, Math.round(size / 1e3))} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
