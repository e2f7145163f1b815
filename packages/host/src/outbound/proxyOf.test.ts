import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isExempt } from "./noProxy.ts";
import { proxyOf } from "./proxyOf.ts";

const source = new URL("https://updates.example.com/");
const nameOf = (env: Readonly<Record<string, string>>, url = source): string | undefined => proxyOf(url, env)?.name;

describe("the proxy of an environment", () => {
  test("is that of the address's own scheme, small letters first, else the one for all", () => {
    const env = {
      https_proxy: "http://a:1",
      HTTPS_PROXY: "http://b:1",
      HTTP_PROXY: "http://c:1",
      ALL_PROXY: "http://d:1",
    };
    expect(nameOf(env)).toBe("http://a:1 (https_proxy)");
    expect(nameOf({ ...env, https_proxy: "" })).toBe("http://b:1 (HTTPS_PROXY)");
    expect(nameOf({ ...env, https_proxy: " ", HTTPS_PROXY: "" })).toBe("http://d:1 (ALL_PROXY)");
    expect(nameOf(env, new URL("http://updates.example.com/"))).toBe("http://c:1 (HTTP_PROXY)");
    expect(nameOf({})).toBeUndefined();
  });

  test("is spoken to in HTTP where no scheme is written, and is named without its password", () => {
    const proxy = proxyOf(source, { HTTPS_PROXY: "me:pa%40ss@proxy.example.com:3128" });
    expect(proxy?.address.href).toBe("http://me:pa%40ss@proxy.example.com:3128/");
    expect(proxy?.name).toBe("http://proxy.example.com:3128 (HTTPS_PROXY)");
  });

  test.each([
    ["socks5://me:secret@proxy:1080", "names a SOCKS proxy, which is not spoken here"],
    ["http://me:secret@", "names no address of a proxy"],
    ["secret://proxy", "names no address of a proxy"],
    ["http://me:100%secret@proxy:3128", "a % in it is written %25"],
  ])("is refused where it cannot be gone by, without its password: %s", (value, words) => {
    const refused = () => proxyOf(source, { HTTPS_PROXY: value });
    expect(refused).toThrow(words);
    expect(refused).not.toThrow("secret");
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["https://updates.example.com/", "*", true],
    ["https://updates.example.com/", "example.com", true],
    ["https://updates.example.com/", ".example.com", true],
    ["https://updates.example.com/", "*.example.com", true],
    ["https://example.com/", ".example.com", true],
    ["https://updates.example.com/", "localhost, UPDATES.example.com.", true],
    ["https://updates.example.com/", "dates.example.com", false],
    ["https://updates.example.com/", "example.com:443", true],
    ["https://updates.example.com:8443/", "example.com:443", false],
    ["http://10.1.2.3/", "10.0.0.0/8", true],
    ["http://11.1.2.3/", "10.0.0.0/8", false],
    ["http://10.1.2.3/", "10.1.2.3", true],
    ["http://10.1.2.3/", "2.3", false],
    ["http://10.1.2.3/", "10.1.2.3/33 , 10.1.2.3/x", false],
    ["http://[fd00::1]:8080/", "fd00::/8", true],
    ["http://[fd00::1]:8080/", "[fd00::1]:8080", true],
    ["http://[fd00::1]/", "10.0.0.0/8 ::1", false],
    ["https://updates.example.com/", "", false],
    ["https://updates.example.com/", ".,,", false],
  ])("of %s by %s: %s", (url, list, isMeant) => {
    expect(isExempt(new URL(url), list)).toBe(isMeant);
  });

  test("means a name and what is below it, and no other, whatever else stands in the list", () => {
    const label = fc.stringMatching(/^[a-z]{1,8}$/);
    const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
    fc.assert(
      fc.property(name, label, fc.array(fc.stringMatching(/^[0-9]{1,3}$/)), (exempt, below, others) => {
        const list = [...others, exempt].join(",");
        expect(isExempt(new URL(`https://${exempt}/`), list)).toBe(true);
        expect(isExempt(new URL(`https://${below}.${exempt}/`), list)).toBe(true);
        expect(isExempt(new URL(`https://${below}${exempt}/`), list)).toBe(false);
        expect(isExempt(new URL(`https://${exempt}.${below}x/`), list)).toBe(false);
      }),
    );
  });

  test("is read whatever stands in it", () => {
    const anyList = fc.string({ unit: fc.constantFrom(..."0123456789abf.:[]/*, ".split("")) });
    fc.assert(
      fc.property(anyList, fc.constantFrom("http://[::1]/", "http://127.0.0.1/", "http://a.b/"), (list, url) => {
        expect(typeof isExempt(new URL(url), list)).toBe("boolean");
      }),
    );
  });
});
