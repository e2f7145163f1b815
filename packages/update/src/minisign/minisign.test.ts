import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeSigner } from "../testing/signer.ts";
import { signatureProblem } from "./checkSignature.ts";
import { parseSignature } from "./parseSignature.ts";
import { parsePublicKey } from "./publicKey.ts";

const signer = makeSigner("somebody");
const written = signer.sign("content", { comment: "timestamp:1700000000\tfile:a" });

async function problemOf(text: string | Uint8Array, content: string, { key } = signer): Promise<string | undefined> {
  const signature = parseSignature(Buffer.from(text));
  return "problem" in signature ? signature.problem : signatureProblem(signature, key, once(content));
}

/** In pieces, as a file comes. */
async function* once(content: string): AsyncGenerator<Buffer> {
  for (const character of content) yield await Promise.resolve(Buffer.from(character));
}

describe("a signature", () => {
  test.each([
    ["minisign's, of the hash", { comment: "of today" }],
    ["minisign's of old, of the content", { of: "content", comment: "of today" }],
    ["signify's", { of: "content" }],
  ] as const)("is right where key and content are: %s", async (_whose, options) => {
    const text = signer.sign("some content", options);
    expect(await problemOf(text, "some content")).toBeUndefined();
    expect(await problemOf(text, "some other content")).toBe("the file is not what was signed");
    expect(await problemOf(text.replaceAll("\n", "\r\n"), "some content")).toBeUndefined();
  });

  test("of another key is not this one's, by its number or by what it is", async () => {
    const other = makeSigner("somebody else");
    expect(await problemOf(written, "content", other)).toMatch(/^it is of key [0-9A-F]{16}, not of [0-9A-F]{16}$/);
    const pretender = { ...other, key: { ...other.key, id: signer.key.id } };
    expect(await problemOf(written, "content", pretender)).toBe("the file is not what was signed");
  });

  test("covers its trusted comment", async () => {
    expect(await problemOf(written.replace("1700000000", "1800000000"), "content")).toBe(
      "its trusted comment is not what was signed",
    );
  });

  test("of a content that would have to be in memory whole is refused where that is large", async () => {
    const signature = parseSignature(Buffer.from(signer.sign("", { of: "content" })));
    if ("problem" in signature) throw new Error(signature.problem);
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) yield await Promise.resolve(Buffer.alloc(1_048_576));
    };
    expect(await signatureProblem(signature, signer.key, endless())).toContain("too large to be signed unhashed");
  });

  test("with any one bit changed is refused, but for bits of the comment nobody signs", async () => {
    const bytes = Buffer.from(written);
    const signedFrom = bytes.indexOf("\n") + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: signedFrom, max: bytes.length - 2 }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const changed = Buffer.from(bytes);
          changed[at] = (bytes[at] ?? 0) ^ (1 << bit);
          expect(await problemOf(changed, "content")).not.toBeUndefined();
        },
      ),
      { numRuns: 400 },
    );
  });

  test("is read from any bytes without falling over", () => {
    const lines = fc.array(fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(...written.split("\n"))));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          lines.map((each) => Buffer.from(each.join("\n"))),
        ),
        (bytes) => {
          const read = parseSignature(bytes);
          return "problem" in read ? read.problem !== "" : read.bytes.length === 64;
        },
      ),
    );
    expect(parseSignature(Buffer.alloc(20_000))).toEqual({ problem: "it is longer than any signature" });
  });
});

describe("a public key", () => {
  test("is a line or the file of two lines, with the number minisign prints", () => {
    const id = "17A6B37B6E5B5B6F";
    const line = Buffer.concat([Buffer.from("Ed"), Buffer.from(id, "hex").toReversed(), Buffer.alloc(32, 1)]).toString(
      "base64",
    );
    expect(parsePublicKey(line)).toMatchObject({ id });
    expect(parsePublicKey(`untrusted comment: minisign public key ${id}\n${line}\n`)).toMatchObject({ id });
  });

  test.each([
    "",
    "RWQ",
    "no key",
    `${signer.line}\n${signer.line}`,
    signer.line.replace("RW", "SW"),
    `${signer.line.slice(0, -1)}=`,
    "x".repeat(3000),
  ])("is nothing else: %j", (text) => {
    expect(parsePublicKey(text)).toHaveProperty("problem");
  });
});
