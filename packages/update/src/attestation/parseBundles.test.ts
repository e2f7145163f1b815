import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBundleName, parseBundles } from "./parseBundles.ts";

const hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

const statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "hello.txt", digest: { sha256: hash } }],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {},
};

const envelope = {
  payload: base64(statement),
  payloadType: "application/vnd.in-toto+json",
  signatures: [{ sig: "MEUCIQ==", keyid: "" }],
};

const bundle = {
  mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
  verificationMaterial: { certificate: { rawBytes: "AAAA" } },
  dsseEnvelope: envelope,
};

const message = {
  messageDigest: { algorithm: "SHA2_256", digest: Buffer.from(hash, "hex").toString("base64") },
  signature: "MEUCIQ==",
};

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const parsed = (value: unknown) => parseBundles(bytesOf(value));
const ofStatement = (changes: object) => ({
  ...bundle,
  dsseEnvelope: { ...envelope, payload: base64({ ...statement, ...changes }) },
});

test("a statement is read with the files it speaks of, in both ways its type is written", () => {
  const read = [{ of: "statement", subjects: [{ name: "hello.txt", sha256: hash }] }];
  expect(parsed(bundle)).toEqual(read);
  expect(parsed({ ...bundle, mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1" })).toEqual(read);
  expect(parseBundles(Buffer.from(JSON.stringify(bundle, undefined, 2)))).toEqual(read);
});

test("several are read, one a line", () => {
  const lines = Buffer.concat([bytesOf(bundle), Buffer.from("\n"), bytesOf(bundle), Buffer.from("\n")]);
  expect(parseBundles(lines)).toHaveLength(2);
});

test("the signature of a file is read with that file's hash", () => {
  const { dsseEnvelope: _none, ...rest } = bundle;
  expect(parsed({ ...rest, messageSignature: message })).toEqual([
    { of: "file", subjects: [{ name: "", sha256: hash }] },
  ]);
});

describe("no bundle is", () => {
  test.each<[string, unknown]>([
    ["it is no sigstore bundle", {}],
    ["it is no sigstore bundle", { ...bundle, mediaType: "application/json" }],
    ["it has nothing to check its signature with", { ...bundle, verificationMaterial: null }],
    ["it holds neither a statement nor the signature of a file", { ...bundle, dsseEnvelope: null }],
    ["it holds neither a statement nor the signature of a file", { ...bundle, messageSignature: message }],
    ["what it signs is no in-toto statement", { ...bundle, dsseEnvelope: { ...envelope, payloadType: "text" } }],
    ["what it signs is no in-toto statement", { ...bundle, dsseEnvelope: { ...envelope, payload: "no base64" } }],
    ["what it signs is no in-toto statement", ofStatement({ _type: "https://example.com/Statement/v1" })],
    ["its statement is not signed", { ...bundle, dsseEnvelope: { ...envelope, signatures: [] } }],
    ["its statement is not signed", { ...bundle, dsseEnvelope: { ...envelope, signatures: [{ sig: "" }] } }],
    ["its statement speaks of no file", ofStatement({ subject: [] })],
    ["its statement speaks of a file without its SHA-256", ofStatement({ subject: [{ name: "a", digest: {} }] })],
    [
      "its statement speaks of a file without its SHA-256",
      ofStatement({ subject: [{ name: "a", digest: { sha256: hash.toUpperCase() } }] }),
    ],
  ])("what says: %s", (problem, value) => {
    expect(parsed(value)).toEqual({ problem });
  });

  test("what is no JSON, or nothing", () => {
    expect(parseBundles(Buffer.from("{"))).toEqual({ problem: "it is no JSON" });
    expect(parseBundles(Buffer.from("\n"))).toEqual({ problem: "it holds no bundle, or too many" });
  });
});

test("any bytes are read without falling over", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
      const read = parseBundles(bytes);
      expect("problem" in read || read.every(({ subjects }) => subjects.length > 0)).toBe(true);
    }),
  );
});

/** Every place in a bundle, by the names and numbers that lead there. */
function placesIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner).map((rest) => [name, ...rest]))];
}

function replacedAt(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const inner = replacedAt((value as Readonly<Record<string, unknown>>)[name], rest, by);
  return Array.isArray(value)
    ? value.map((each: unknown, at) => (String(at) === name ? inner : each))
    : { ...Object(value), [name]: inner };
}

const changedAnywhere = (value: object) =>
  fc.tuple(fc.constantFrom(...placesIn(value)), fc.jsonValue()).map(([place, by]) => replacedAt(value, place, by));

test("whatever stands in whatever place of it, each file it speaks of has a name and a whole hash", () => {
  const anyStatement = changedAnywhere(statement).map((payload) => ({
    ...bundle,
    dsseEnvelope: { ...envelope, payload: base64(payload) },
  }));
  fc.assert(
    fc.property(fc.oneof(changedAnywhere(bundle), anyStatement), (value) => {
      const read = parsed(value);
      for (const { name, sha256 } of "problem" in read ? [] : read.flatMap(({ subjects }) => subjects)) {
        expect(typeof name).toBe("string");
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }),
    { numRuns: 500 },
  );
});

test("a file is taken for one by its name alone", () => {
  const names = [
    "attestation.json",
    "provenance/attestation.json",
    "a.tgz.sigstore.json",
    "my-attestation.json",
    "a.json",
  ];
  expect(names.map(isBundleName)).toEqual([true, true, true, false, false]);
});
