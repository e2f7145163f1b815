import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressClass } from "./addressClass.ts";

const privateFirst = [
  ["0.0.0.0", "this network"],
  ["10.1.2.3", "private"],
  ["100.64.0.1", "shared by a provider"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.255", "loopback"],
  ["169.254.169.254", "link-local"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.0.1", "private"],
  ["198.19.255.255", "benchmarking"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "reserved"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["::127.0.0.1", "reserved"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:a9fe:a9fe", "link-local"],
  ["64:ff9b::10.0.0.1", "private"],
  ["64:ff9b:1::1", "reserved"],
  ["2002:7f00:1::", "loopback"],
  ["2001::1", "reserved"],
  ["2001:db8::1", "documentation"],
  ["fd00:ec2::254", "private"],
  ["fe80::1", "link-local"],
  ["fec0::1", "reserved"],
  ["ff02::1", "multicast"],
  ["fe80::1%eth0", "not an address"],
  ["localhost", "not an address"],
  ["0x7f.1", "not an address"],
  ["", "not an address"],
] as const;

describe("addressClass", () => {
  test.for(privateFirst)("%s is %s", ([address, is]) => {
    expect(addressClass(address)).toBe(is);
  });

  test.for([
    "1.1.1.1",
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "2606:4700::1111",
    "2a00::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
  ])("%s is public", (address) => {
    expect(addressClass(address)).toBe("public");
  });

  test("however an IPv6 address is written, it is the same address", () => {
    const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    const hostile = fc.constantFrom([0, 0, 0, 0, 0, 0xffff], [0x64, 0xff9b, 0, 0, 0, 0], [0xfd00], [0xfe80], [0x2002]);
    const addresses = fc
      .tuple(words, fc.option(hostile, { nil: [] }))
      .map(([all, prefix]) => [...prefix, ...all.slice(prefix.length)]);
    fc.assert(
      fc.property(addresses, (address) => {
        const full = address.map((word) => word.toString(16)).join(":");
        const padded = address.map((word) => word.toString(16).padStart(4, "0").toUpperCase()).join(":");
        const short = new URL(`http://[${full}]/`).hostname.slice(1, -1);
        const [high = 0, low = 0] = address.slice(6);
        const dotted = `${address
          .slice(0, 6)
          .map((word) => word.toString(16))
          .join(":")}:${high >>> 8}.${high & 255}.${low >>> 8}.${low & 255}`;
        const classes = [full, padded, short, dotted].map(addressClass);
        expect(new Set(classes).size).toBe(1);
      }),
    );
  });

  test("an IPv4 address inside an IPv6 address is what it is outside", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const alone = addressClass(address);
        expect(addressClass(`::ffff:${address}`)).toBe(alone);
        expect(addressClass(`64:ff9b::${address}`)).toBe(alone);
      }),
    );
  });

  test("whatever a URL makes of a number is judged as the address it stands for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (number) => {
        const forms = [String(number), `0x${number.toString(16)}`, `0${number.toString(8)}`];
        const hosts = forms.map((form) => new URL(`http://${form}/`).hostname);
        const dotted = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join(".");
        expect(hosts.map(addressClass)).toEqual(forms.map(() => addressClass(dotted)));
      }),
    );
  });

  test("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4()), (text) => typeof addressClass(text) === "string"),
    );
  });
});
