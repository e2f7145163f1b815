import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doorsOf } from "./doors.ts";
import { admit, isCanonical, remoteAddress } from "./guard.ts";

const options = {
  port: 4141,
  isTls: false,
  basePath: "/fleet",
  trustedProxies: ["10.0.0.0/8", "fd00::1"],
  proxiesOnly: false,
};
const doors = doorsOf({ ...options, publicUrl: new URL("https://Fleet.example.org/fleet") });

/** What is looked at of a request. */
function request(remote: string, headers: Readonly<Record<string, string>>, url = "/"): IncomingMessage {
  return {
    method: "GET",
    url,
    headers: { host: "127.0.0.1:4141", ...headers },
    socket: { remoteAddress: remote },
  } as unknown as IncomingMessage;
}

test("whatever a client escapes as it must is let in, and means the same when it is read", () => {
  const names = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(names, (parts) => {
      const told = parts.map((part) => part.toWellFormed());
      fc.pre(told.every((part) => part !== "." && part !== ".." && !/[\u0000-\u001f\u007f/\\;]/.test(part)));
      const path = `/${told.map((part) => encodeURIComponent(part)).join("/")}`;
      expect(isCanonical(path)).toBe(true);
      expect(
        path
          .slice(1)
          .split("/")
          .map((part) => decodeURIComponent(part)),
      ).toEqual(told);
    }),
  );
});

test("no path that is let in climbs, or hides a slash", () => {
  const piece = fc.constantFrom(
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "a",
    "b%20c",
    "%c0%ae",
    "",
    ";x",
    "%00",
    "%61",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (parts) => {
      const path = `/${parts.join("/")}`;
      if (!isCanonical(path)) return;
      expect(new URL(path, "http://host").pathname).toBe(path);
    }),
  );
});

describe("behind a proxy", () => {
  test.each([
    ["/fleet", "/"],
    ["/fleet/api/runs?limit=1", "/api/runs?limit=1"],
    ["/fleet?x=1", "/?x=1"],
    ["/api/runs", "/api/runs"],
    ["/fleetwood", "/fleetwood"],
  ])("%s is asked as %s", (url, below) => {
    expect(admit(request("10.0.0.1", { host: "fleet.example.org" }, url), doors)).toBe(below);
  });

  test.each([
    ["whoever is no proxy of ours is not believed", "203.0.113.9", "1.2.3.4", "203.0.113.9"],
    ["the nearest that is no proxy counts", "10.0.0.1", "6.6.6.6, 203.0.113.9, 10.2.2.2", "203.0.113.9"],
    ["an address written as IPv6 writes IPv4 is the same", "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["nonsense is told as it is", "10.0.0.1", "nonsense", "nonsense"],
    ["without a word of it, it is the proxy", "fd00::1", "", "fd00::1"],
  ])("%s", (_what, peer, forwarded, remote) => {
    const headers: Record<string, string> = forwarded === "" ? {} : { "x-forwarded-for": forwarded };
    expect(remoteAddress(request(peer, headers), doors)).toBe(remote);
  });

  test("nobody else may connect, where it has no certificate of its own", () => {
    const closed = doorsOf({ ...options, publicUrl: new URL("https://fleet.example.org"), proxiesOnly: true });
    expect(() => admit(request("203.0.113.9", {}), closed)).toThrow("asked through its proxy only");
    expect(admit(request("::ffff:10.9.9.9", {}), closed)).toBe("/");
    expect(admit(request("127.0.0.1", {}), closed)).toBe("/");
  });

  test("what it forwards of host and scheme changes nothing", () => {
    const forged = { host: "evil.test", "x-forwarded-host": "127.0.0.1:4141", "x-forwarded-proto": "https" };
    expect(() => admit(request("10.0.0.1", forged), doors)).toThrow("not reached by that name");
  });
});
