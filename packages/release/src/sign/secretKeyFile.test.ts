import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { blake2b256 } from "./blake2b256.ts";
import { newSigningKey } from "./keyPair.ts";
import { scryptCosts } from "./scryptCosts.ts";
import { readSecretKey, secretKeyFile } from "./secretKeyFile.ts";

/** A thousandth of what is written for a person. */
const cheap = { operations: 32_768, memory: 1_048_576 };

test("a key that is written is read again, with its password and without one", async () => {
  const key = newSigningKey();
  for (const password of [undefined, "correct horse"]) {
    const read = await readSecretKey(await secretKeyFile(key, password, cheap), password);
    expect(read.publicLine).toBe(key.publicLine);
  }
});

test("a locked key is not opened by another password, by none, or where it asks for too much", async () => {
  const file = await secretKeyFile(newSigningKey(), "correct horse", cheap);
  await expect(readSecretKey(file, "wrong horse")).rejects.toThrow("the password is not the one it is locked with");
  await expect(readSecretKey(file, undefined)).rejects.toThrow("it is locked with a password, and none was given");
  const bytes = Buffer.from(file.split("\n")[1] ?? "", "base64");
  bytes.writeBigUInt64LE(1n << 40n, 46);
  await expect(readSecretKey(bytes.toString("base64"), "correct horse")).rejects.toThrow("more memory than any key");
});

test.each(["", "RWQ", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])(
  "what is no secret key of minisign is refused without being repeated: %j",
  async (text) => {
    await expect(readSecretKey(text, undefined)).rejects.toThrow(/^it is no secret key of minisign/);
  },
);

test("a key whose halves differ is refused", async () => {
  const bytes = Buffer.from((await secretKeyFile(newSigningKey(), undefined)).split("\n")[1] ?? "", "base64");
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await expect(readSecretKey(bytes.toString("base64"), undefined)).rejects.toThrow("its two halves differ");
});

test("minisign's limits are a gigabyte in one go", () => {
  expect(scryptCosts(33_554_432, 1_073_741_824)).toEqual({ cost: 2 ** 20, blockSize: 8, parallelization: 1 });
  expect(scryptCosts(524_288, 16_777_216)).toEqual({ cost: 2 ** 14, blockSize: 8, parallelization: 1 });
});

test("the checksum of 32 bytes is BLAKE2b's", () => {
  const hex = (text: string): string => blake2b256(Buffer.from(text)).toString("hex");
  // Asked of Python's hashlib.
  expect(hex("")).toBe("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  expect(hex("abc")).toBe("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  expect(
    createHash("sha256")
      .update([0, 127, 128, 129, 256, 300].map((size) => hex("x".repeat(size))).join())
      .digest("hex"),
  ).toBe("c94e4dc17712f75491f9e62000ca573fe408adafd247910612f67900e772795a");
});
