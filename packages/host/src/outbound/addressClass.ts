import { isIP, isIPv4 } from "node:net";

/** "public", or what the address is instead. */
type AddressClass = string;

/**
 * Whether an address of the network is one that anybody may be asked to dial: "public", or in a word what else it is. What is
 * not known to be public is not public: for IPv6 only 2000::/3 is, and what carries an IPv4 address inside is what that
 * address is. Takes the forms a resolver gives, nothing looser.
 */
export function addressClass(address: string): AddressClass {
  if (isIPv4(address)) return classOfIPv4(bytesOfIPv4(address));
  // A zone names an interface of this machine.
  if (isIP(address) !== 6 || address.includes("%")) return "not an address";
  return classOfIPv6(wordsOfIPv6(address));
}

type Range4 = readonly [first: readonly [number, number, number, number], bits: number, name: string];

/** IANA's special-purpose registry (RFC 6890 and its updates), with multicast and the reserved rest. */
const ranges4: readonly Range4[] = [
  [[0, 0, 0, 0], 8, "this network"],
  [[10, 0, 0, 0], 8, "private"],
  [[100, 64, 0, 0], 10, "shared by a provider"],
  [[127, 0, 0, 0], 8, "loopback"],
  [[169, 254, 0, 0], 16, "link-local"],
  [[172, 16, 0, 0], 12, "private"],
  [[192, 0, 0, 0], 24, "reserved"],
  [[192, 0, 2, 0], 24, "documentation"],
  [[192, 88, 99, 0], 24, "reserved"],
  [[192, 168, 0, 0], 16, "private"],
  [[198, 18, 0, 0], 15, "benchmarking"],
  [[198, 51, 100, 0], 24, "documentation"],
  [[203, 0, 113, 0], 24, "documentation"],
  [[224, 0, 0, 0], 4, "multicast"],
  [[240, 0, 0, 0], 4, "reserved"],
];

function classOfIPv4(address: number): AddressClass {
  const found = ranges4.find(([[a, b, c, d], bits]) => {
    const first = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    return address >>> (32 - bits) === first >>> (32 - bits);
  });
  return found?.[2] ?? "public";
}

function bytesOfIPv4(address: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** What a prefix means; a number: the IPv4 address at that word says it. */
type Range6 = readonly [first: readonly number[], bits: number, is: AddressClass | number];

/** The first that fits counts; what fits none is not public. */
const ranges6: readonly Range6[] = [
  [[0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified"],
  [[0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback"],
  [[0, 0, 0, 0, 0, 0xffff], 96, 6],
  // NAT64: the network turns it into the IPv4 address at its end.
  [[0x64, 0xff9b, 0, 0, 0, 0], 96, 6],
  // 6to4: a relay turns it into the IPv4 address after the prefix.
  [[0x2002], 16, 1],
  // Teredo, ORCHID, benchmarking and more.
  [[0x2001, 0], 23, "reserved"],
  [[0x2001, 0xdb8], 32, "documentation"],
  [[0x3fff, 0], 20, "documentation"],
  [[0x2000], 3, "public"],
  [[0xfc00], 7, "private"],
  [[0xfe80], 10, "link-local"],
  [[0xff00], 8, "multicast"],
];

function classOfIPv6(words: readonly number[]): AddressClass {
  const is = ranges6.find((range) => startsWith(words, range))?.[2] ?? "reserved";
  return typeof is === "number" ? classOfIPv4(embedded(words, is)) : is;
}

function startsWith(words: readonly number[], [first, bits]: Range6): boolean {
  return first.every((word, at) => {
    const unused = 16 - Math.min(16, Math.max(0, bits - at * 16));
    return (words[at] ?? 0) >>> unused === word >>> unused;
  });
}

/** The IPv4 address in two of the words. */
function embedded(words: readonly number[], at: number): number {
  return (((words[at] ?? 0) << 16) | (words[at + 1] ?? 0)) >>> 0;
}

/** The eight words of an address that `isIP` has found to be one. */
function wordsOfIPv6(address: string): readonly number[] {
  const [before = "", after] = address.split("::");
  const head = wordsOfPart(before);
  if (after === undefined) return head;
  const tail = wordsOfPart(after);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function wordsOfPart(part: string): readonly number[] {
  if (part === "") return [];
  return part.split(":").flatMap((word) => {
    if (!word.includes(".")) return [Number.parseInt(word, 16)];
    const whole = bytesOfIPv4(word);
    return [whole >>> 16, whole & 0xffff];
  });
}
