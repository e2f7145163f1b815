import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestKind, shellFiles } from "./shellFiles.ts";

const scope = "https://host/fleet/";
const get = { method: "GET", mode: "cors" };

describe("the worker", () => {
  it("takes pages and hashed files below its own path", () => {
    expect(requestKind({ ...get, url: `${scope}runs/run_a?tab=log`, mode: "navigate" }, scope)).toBe("page");
    expect(requestKind({ ...get, url: `${scope}assets/index-abc.js` }, scope)).toBe("asset");
    expect(requestKind({ ...get, url: `${scope}icon.svg` }, scope)).toBe("none");
    expect(requestKind({ ...get, url: "https://host/assets/other.js" }, scope)).toBe("none");
  });

  it("leaves the API and signing in alone, however they are asked for", () => {
    const rest = fc.string().map((text) => encodeURI(text));
    fc.assert(
      fc.property(
        fc.constantFrom("api", "API", "sign-in"),
        rest,
        fc.constantFrom("navigate", "cors"),
        (room, path, mode) => {
          expect(requestKind({ url: `${scope}${room}/${path}`, method: "GET", mode }, scope)).toBe("none");
        },
      ),
    );
    expect(requestKind({ url: `${scope}runs`, method: "POST", mode: "navigate" }, scope)).toBe("none");
  });

  it("knows the files of a build by its manifest", () => {
    const manifest = {
      "index.html": { file: "assets/index-1.js", css: ["assets/index-2.css"] },
      "src/sw.ts": { file: "sw.js" },
      "src/screens/now/Now.tsx": { file: "assets/Now-3.js", css: ["assets/index-2.css"] },
    };
    expect(shellFiles(manifest)).toEqual(["assets/index-1.js", "assets/index-2.css", "assets/Now-3.js"]);
  });

  it("finds only files of the shell in whatever a manifest is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (manifest) => {
        for (const file of shellFiles(manifest)) expect(file).toMatch(/^assets\/[^/]+$/);
      }),
    );
  });
});
